"""What learners of chapter 01 may believe, and the hints of its exercises."""

from __future__ import annotations

from helpers.checks.wrong import Misconception

ONE_ADDRESS = Misconception(
    "one address per name",
    "A name may stand for many addresses, of IPv6 and of IPv4, and a client tries them in turn.",
    (
        "Print what `socket.getaddrinfo` returns for a name: how many entries has it?",
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
        "Which program would have to run on this machine for your function to work? None should.",
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
        "Compare your bytes with the expected ones, field by field: which fields are reversed?",
        "The experiment with 258 above shows the same number in three orders. The format wants the "
        "last of them, for both fields.",
        "The first character of a format says the order of all that follows it: look for it under "
        '"Byte Order, Size, and Alignment" on the page of `struct`.',
    ),
)
STR_SENT = Misconception(
    "str can be sent",
    "A socket carries bytes: text is encoded and numbers are packed before they are sent, and "
    "bytes that come are text only where the protocol says so.",
    (
        "What is the type of the value: `bytes` or `str`?",
        "This format has no text in it: no digits, no spaces, eight bytes whatever the numbers.",
        "`struct` turns numbers into bytes, and bytes into numbers, without any text in between.",
    ),
)

ORDER_HINTS = (
    "Compare your list with the expected one: which pair is missing, too many, or elsewhere?",
    "The system gives its answers in the order in which a client should try them. A set or a "
    "sorted list forgets that order.",
    "Go through the entries in their order, and keep each pair that you have not kept yet: the IP "
    "address as str, the port as int.",
)
LITERAL_HINTS = (
    "Call your function with the host of this case yourself, and read the error or the result.",
    "An IP address is a host too: the system resolves it into itself, without asking anybody.",
    "One call of `getaddrinfo` handles names and addresses alike. Nothing else is needed, and "
    "nobody has to listen there.",
)
IPV6_HINTS = (
    "Call your function with the host `::1` yourself, and read the error or the result.",
    "Its family is AF_INET6, and Python gives its address as a tuple of four.",
    "Ask for both families, and keep the first two parts of each address.",
)
UNKNOWN_HINTS = (
    "What should a caller do with what your function returns or raises here?",
    "The error of `getaddrinfo` says all there is to know. Where does your function catch or "
    "replace it?",
    "An error that nobody catches reaches the caller by itself, unchanged.",
)
PACK_HINTS = (
    "Compare your bytes with the expected ones: the first four are the device, the others the "
    "temperature.",
    "Each field has one letter in a format of `struct`: look for an unsigned integer of 4 bytes "
    "and for a float of 4 bytes.",
    "One format can hold the byte order and both letters; without a byte order `struct` takes the "
    "machine's own.",
)
LARGEST_HINTS = (
    "The largest device number has 32 bits, all of them 1.",
    "With a sign, 4 bytes hold numbers up to 2,147,483,647 only. This format has no sign.",
    "`struct` has two letters for an integer of 4 bytes: one is for numbers with a sign.",
)
FIT_HINTS = (
    "What comes out for 4,294,967,296, and what would the reader at the other end make of it?",
    "A number that does not fit must not be cut to one that does: another device would seem to "
    "have sent the reading.",
    "`struct` and `int.to_bytes` complain by themselves where a number does not fit: let them.",
)
UNPACK_HINTS = (
    "Compare your tuple with the expected one: which part differs, and in value or type?",
    "The format is the same as for packing. The number of the device is an int, the temperature a "
    "float, unrounded.",
    "One call of `struct` unpacks both fields and returns a tuple of two.",
)
SIZE_HINTS = (
    "Call your function with `bytes(7)` and with `bytes(9)`: what happens?",
    "The caller waits for ValueError. `struct.error` is none, AssertionError is none, and a result "
    "says that all was well.",
    "Look at the length before you unpack, and raise the error that the contract names.",
)
