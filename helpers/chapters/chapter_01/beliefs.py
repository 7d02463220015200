"""What learners of chapter 01 may believe, and the hints of its exercises."""

from __future__ import annotations

from helpers.checks.wrong import Misconception

ONE_ADDRESS = Misconception(
    "one address per name",
    "A name may stand for many addresses, of IPv6 and of IPv4, and a client tries them in turn.",
    (
        "The name stands for several addresses, and your list has one. Print what "
        "`socket.getaddrinfo` returns: how many entries has it, and how many do you look at?",
        "It returns a list. Your function looks at one entry of it, or asks a function that knows "
        "one address only.",
        "Go through all entries, and take the address out of each; it is the entry's last part.",
    ),
)
A_PORT = Misconception(
    "a port names a program",
    "A port is a number in an address, whether or not a program has a socket there: to resolve a "
    "name, nobody needs to listen.",
    (
        "No program needs to listen on that port: which of your lines connects or binds to it, or "
        "looks for a service behind it?",
        "Resolving asks the system about a name. It does not connect, bind or look for a service.",
        "Take the port as the number that it is: the system puts it into each address that it "
        "returns.",
    ),
)
NATIVE_ORDER = Misconception(
    "native byte order is fine",
    "Machines differ in the order of their bytes, so a protocol fixes one: here network byte "
    "order, the most significant byte first.",
    (
        "The bytes of both fields, device and temperature, are in reverse order.",
        "The experiment with 258 above packs the same number in two orders. The agreement wants "
        "network byte order, for both fields.",
        "The first character of a format says the order of all that follows it: look for it under "
        '"Byte Order, Size, and Alignment" on the page of `struct`.',
    ),
)
STR_SENT = Misconception(
    "str can be sent",
    "A socket carries bytes: text is encoded and numbers are packed before they are sent, and "
    "bytes that come are text only where the protocol says so.",
    (
        "No field of this format is text: which of your lines makes or reads a str?",
        "A reading has no digits, no spaces, eight bytes whatever the numbers.",
        "`struct` turns numbers into bytes, and bytes into numbers, without any text in between.",
    ),
)

# resolve

ORDER_HINTS = (
    "Compare your list with the expected one: which pair is missing, too many, or elsewhere?",
    "The system gives its answers in the order in which a client should try them. A set or a "
    "sorted list forgets that order.",
    "Go through the entries in their order, and keep each pair that you have not kept yet: the IP "
    "address as str, the port as int.",
)
SORTED_HINTS = (
    "All addresses are there, but in another order than the system's.",
    *ORDER_HINTS[1:],
)
STRANGE_HINTS = (
    "None of the name's addresses is in your list. With which host did you ask the system?",
    "Your function gets the name as `host`, and hands it to the system as it is.",
    "`getaddrinfo` takes host and port as its first two arguments.",
)
EMPTY_HINTS = (
    "Your list is empty. If you try each address by connecting to it: nobody has to listen there, "
    "as a port does not need a program behind it. If you do not: which line adds to the list?",
    *A_PORT.hints[1:],
)
SLOW_HINTS = (
    "Your function waits. To connect to an address takes a program that listens there; to resolve "
    "a name takes one question to the system, and its answer is at hand at once.",
    *A_PORT.hints[1:],
)
FAMILY_HINTS = (
    "The address of IPv6 is missing: which call of yours asks for one family of addresses only?",
    "There are two families of addresses, AF_INET and AF_INET6. Ask for both.",
    "`getaddrinfo` gives both families if you do not name one; `gethostbyname` and "
    "`gethostbyname_ex` know IPv4 only.",
)
IPV4_HINTS = (
    "Only the address of IPv6 is there: which call of yours asks for one family only?",
    *FAMILY_HINTS[1:],
)
KIND_HINTS = (
    "Each address comes more than once: once for each kind of socket that it could be used with.",
    "`getaddrinfo` has one entry for each kind of socket if you do not ask for one kind. And some "
    "systems give an address twice even then.",
    "Each pair is wanted once, at its first place. The keys of a dict come once, in the order in "
    "which they first came.",
)
TWICE_HINTS = (
    "One pair is in your list twice, as the system gave it twice; each is wanted once, at its "
    "first place.",
    "Two that are the same need not be neighbours in the list.",
    KIND_HINTS[2],
)
PORT_HINTS = (
    "Look at the second part of your pairs: it is to be the port that this call was given, an int.",
    "`getaddrinfo` puts the port that you hand to it into each address, as a number.",
    "Take the first two parts of each address together, or `port` itself.",
)
ENTRY_HINTS = (
    "You keep whole entries of `getaddrinfo`. Each has five parts, and the address is the last.",
    "The address is a tuple by itself: its first two parts are IP address and port.",
    "Take the address out of each entry, and the first two parts out of it, by a slice.",
)
FOUR_HINTS = (
    "For IPv6 Python gives an address as a tuple of four; for IPv4 it has two parts.",
    "The first two are IP address and port in both.",
    "A slice takes the first two parts of a tuple of any length.",
)
PAIR_HINTS = (
    "Each element of your list is to be a tuple of two: the IP address and the port. Print one.",
    "An entry of `getaddrinfo` ends in an address, whose first two parts are IP address and port.",
    "A slice of a tuple is a tuple.",
)
LIST_HINTS = (
    "The result is of another type: a list is asked for, since a caller goes through it in order, "
    "more than once.",
    "A set forgets the order, and a generator or a view of a dict is no list yet.",
    "`list(...)` makes a list of anything that one can go through.",
)
NAME_HINTS = (
    "The system has not found the name. By which function did you ask, with which host, and with "
    "which flags?",
    "This name is known to `getaddrinfo`. A flag can forbid it to look names up, and other "
    "functions want an address in place of a name.",
    "`getaddrinfo` handles names and addresses alike, without any flag.",
)
ARGUMENT_HINTS = (
    "Look at the line of the error: which argument or part has another type than it should? The "
    "host is a str, the port an int, and an entry of `getaddrinfo` a tuple of five.",
    "`getaddrinfo` takes the host first, then the port.",
    "Print one entry before you take it apart.",
)
LITERAL_HINTS = (
    "Call your function with the host of this case yourself, and read the error or the result.",
    "An IP address is a host too: the system resolves it into itself, without asking anybody.",
    "One call of `getaddrinfo` handles names and addresses alike. Nothing else is needed, and "
    "nobody has to listen there.",
)
ONE_FAMILY_HINTS = (
    "The system knows no address of the family that you asked for: 127.0.0.1 is one of IPv4.",
    *FAMILY_HINTS[1:],
)
IPV6_HINTS = (
    "Call your function with the host `::1` yourself, and read the error or the result.",
    "Its family is AF_INET6, and Python gives its address as a tuple of four.",
    "Ask for both families, and keep the first two parts of each address.",
)
UNKNOWN_HINTS = (
    "For an unknown name your function returned something: the error of `getaddrinfo` should reach "
    "the caller. Which of your lines catches it?",
    "A caller that hears of no error goes on with no address.",
    "An error that nobody catches reaches the caller by itself, unchanged.",
)
ANOTHER_ERROR_HINTS = (
    "Another error came than socket.gaierror, for which a caller waits. Where do you catch that "
    "of the system, and raise your own in its place?",
    "The error of `getaddrinfo` says all there is to know.",
    UNKNOWN_HINTS[2],
)
OWN_ERROR_HINTS = (
    "This gaierror is of your own making: it has not the number that the system's own had.",
    "A caller tells by that number a name that does not exist from a name server out of reach.",
    UNKNOWN_HINTS[2],
)
AGAIN_HINTS = (
    "Your function asks again and again for a name that stays unknown, and its caller waits for "
    "ever.",
    "The error says that nobody knows this name. Whether to ask again is for the caller to say.",
    UNKNOWN_HINTS[2],
)

# pack_reading and unpack_reading

RETURN_HINTS = (
    "Your function gave None: it has come to its end without `return`. Printing a value does not "
    "return it.",
    "Follow each way through your function: which ends without a result?",
    "The last line of each way says `return`, and what the description asks for.",
)
PACK_HINTS = (
    "Compare your bytes with the expected ones: the first four are the device, the others the "
    "temperature.",
    "Each field has one letter in a format of `struct`: look for an unsigned integer of 4 bytes "
    "and for a float of 4 bytes.",
    "One format can hold the byte order and both letters; without a byte order `struct` takes the "
    "machine's own.",
)
LETTERS_HINTS = (
    "Compare the letters of your format with the values that you hand over, one by one: two "
    "values, not one that holds both, and a letter for whole numbers takes no float.",
    *PACK_HINTS[1:],
)
METHOD_HINTS = (
    "Only an int has `to_bytes`; a float has not. What else turns a float into 4 bytes?",
    "The letters of `struct` are for whole numbers and for floats.",
    "Pack the temperature by `struct`, in a format that says the byte order too.",
)
LARGEST_HINTS = (
    "The largest device number has 32 bits, all of them 1.",
    "With a sign, 4 bytes hold numbers up to 2,147,483,647 only. This format has no sign.",
    "`struct` has two letters for an integer of 4 bytes: one is for numbers with a sign.",
)
SIGN_HINTS = (
    "4,294,967,295 fits in 4 bytes if they have no sign; with a sign they end at 2,147,483,647.",
    "The field of the device has no sign: no device has a negative number.",
    LARGEST_HINTS[2],
)
LIMIT_HINTS = (
    "A test of your own refuses 4,294,967,295: it is the largest number that fits.",
    "From 0 up to 4,294,967,295 all numbers fit, these two included.",
    "`struct` and `int.to_bytes` know these limits: you need no test of your own.",
)
FIT_HINTS = (
    "A number that does not fit in 4 bytes should raise an error, and your function made another "
    "number of it.",
    "A number that does not fit must not be cut to one that does: another device would seem to "
    "have sent the reading.",
    "`struct` and `int.to_bytes` complain by themselves where a number does not fit: let them.",
)
NO_ERROR_HINTS = (
    "For a number that does not fit an error is to be raised, and to reach the caller. Which "
    "`except` or `if` of yours returns a value in its place?",
    *FIT_HINTS[1:],
)
KIND_OF_ERROR_HINTS = (
    "An error came, but of another kind than those that the description names: struct.error, "
    "ValueError or OverflowError.",
    "A caller catches the errors that it was told of, and no other.",
    FIT_HINTS[2],
)
UNPACK_HINTS = (
    "Compare your tuple with the expected one: which part differs, and in value or type?",
    "The format is the same as for packing. The number of the device is an int, the temperature a "
    "float, unrounded.",
    "One call of `struct` unpacks both fields and returns a tuple of two.",
)
BUFFER_HINTS = (
    "A reading has 8 bytes, 4 for each field, and your format takes another number: which letter "
    "takes more than 4, or fewer?",
    *PACK_HINTS[1:],
)
SIZE_HINTS = (
    "Call your function with `bytes(7)` and with `bytes(9)`: exactly 8 are a reading. What is too "
    "short or too long should raise ValueError.",
    "`struct.error` is no ValueError, AssertionError is none, and a result says that all was well.",
    "Look at the length before you unpack, and raise the error that the contract names.",
)
VALUE_ERROR_HINTS = (
    "A caller waits for ValueError, as the contract says, and another kind of error came: "
    "`struct.error` and AssertionError are no kinds of it.",
    "Of which kind an error is decides who catches it.",
    SIZE_HINTS[2],
)
RAISE_HINTS = (
    "ValueError is to be raised there. Your function returned a value, so its "
    "caller believes that all is well.",
    "`return` gives a value back, `raise` ends the function with an error; printing does neither.",
    SIZE_HINTS[2],
)
