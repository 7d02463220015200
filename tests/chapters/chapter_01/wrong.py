"""Wrong answers to the exercises of chapter 01, as a learner would write them."""

# ruff: noqa: E722
import ipaddress
import socket
import struct
import sys

from support.answers import WrongAnswer, answer

# What learners may believe, by the names in `beliefs`: each leads to an answer below.
BELIEFS = [
    "native byte order is fine",
    "str can be sent",
    "one address per name",
    "a port names a program",
]

# resolve


@answer("resolve", "several|every|all of|more than one")
def asks_for_one_ipv4_address(host, port):
    return [(socket.gethostbyname(host), port)]


@answer("resolve", "several|every|all of|more than one")
def takes_the_first_address(host, port):
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [found[0][4][:2]]


@answer("resolve", "ipv6|family|families")
def asks_for_ipv4_addresses_in_the_old_way(host, port):
    _, _, addresses = socket.gethostbyname_ex(host)
    return [(address, port) for address in addresses]


@answer("resolve", "ipv6|family|families")
def wants_ipv4_only(host, port):
    found = socket.getaddrinfo(host, port, socket.AF_INET, socket.SOCK_STREAM)
    return [address for *_, address in found]


@answer("resolve", "connect|listen|program|knock")
def knocks_at_the_port(host, port):
    found = []
    for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        with socket.create_connection(address[:2], timeout=1):
            found.append(address[:2])
    return list(dict.fromkeys(found))


@answer("resolve", "connect|listen|program|knock")
def returns_only_ports_with_a_program_behind(host, port):
    found = []
    for family, kind, *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        with socket.socket(family, kind) as sock:
            sock.settimeout(0.2)
            if sock.connect_ex(address) == 0:
                found.append(address[:2])
    return found


@answer("resolve", "service|program|getservbyport|any number")
def looks_up_the_service_of_the_port(host, port):
    service = socket.getservbyport(port)
    found = socket.getaddrinfo(host, service, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(address[:2] for *_, address in found))


@answer("resolve", "bind|listen|another computer|no socket")
def binds_to_the_port(host, port):
    with socket.create_server((host, port)) as listener:
        return [listener.getsockname()[:2]]


@answer("resolve", "kind|type|twice|once")
def lists_an_address_once_for_each_kind_of_socket(host, port):
    return [address[:2] for *_, address in socket.getaddrinfo(host, port)]


@answer("resolve", "twice|once|duplicate")
def keeps_what_the_system_gives_twice(host, port):
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [address[:2] for *_, address in found]


@answer("resolve", "order|list")
def returns_a_set(host, port):
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return {address[:2] for *_, address in found}


@answer("resolve", "order|sort")
def sorts_the_addresses(host, port):
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return sorted({address[:2] for *_, address in found})


@answer("resolve", "four|ipv6")
def returns_ipv6_addresses_of_four(host, port):
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(address for *_, address in found))


@answer("resolve", "five|last|which of|fields")
def returns_all_five_fields(host, port):
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


@answer("resolve", "port")
def returns_addresses_without_the_port(host, port):
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(address[0] for *_, address in found))


@answer("resolve", "tuple")
def returns_lists_for_tuples(host, port):
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [list(pair) for pair in dict.fromkeys(address[:2] for *_, address in found)]


@answer("resolve", "int|number")
def returns_ports_as_text(host, port):
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys((address[0], str(address[1])) for *_, address in found))


@answer("resolve", "name|flag")
def takes_numbers_only(host, port):
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    return list(dict.fromkeys(address[:2] for *_, address in found))


@answer("resolve", "unknown|gaierror", "raise|error|exception")
def returns_nothing_for_an_unknown_name(host, port):
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror:
        return []
    return list(dict.fromkeys(address[:2] for *_, address in found))


@answer("resolve", "gaierror")
def raises_another_error_for_an_unknown_name(host, port):
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror:
        raise ValueError(f"unknown host {host}") from None
    return list(dict.fromkeys(address[:2] for *_, address in found))


@answer("resolve", "number|errno|own|as it comes|code")
def raises_a_gaierror_of_its_own(host, port):
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except:
        raise socket.gaierror("unknown host") from None
    return list(dict.fromkeys(address[:2] for *_, address in found))


@answer("resolve", "return|print")
def prints_the_addresses(host, port):
    for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        print(address)


@answer("resolve", "again|ever|loop|gaierror")
def waits_for_the_name_for_ever(host, port):
    while True:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except socket.gaierror:
            continue
        return list(dict.fromkeys(address[:2] for *_, address in found))


@answer("resolve", "list")
def returns_a_generator(host, port):
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return (pair for pair in dict.fromkeys(address[:2] for *_, address in found))


@answer("resolve", "order|list|set")
def makes_a_list_of_a_set(host, port):
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list({address[:2] for *_, address in found})


@answer("resolve", "keep|remember|earlier|again")
def remembers_names_whatever_the_port(host, port):
    if host not in _remembered:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        _remembered[host] = list(dict.fromkeys(address[:2] for *_, address in found))
    return _remembered[host]


_remembered = {}


@answer("resolve", "port")
def asks_for_the_port_of_the_web(host, port):
    found = socket.getaddrinfo(host, 80, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(address[:2] for *_, address in found))


# pack_reading


@answer("pack_reading", "order")
def packs_in_native_order(device_id, celsius):
    return struct.pack("=If", device_id, celsius)


@answer("pack_reading", "order")
def packs_with_the_machines_own_letters(device_id, celsius):
    return struct.pack("If", device_id, celsius)


@answer("pack_reading", "order|machine")
def packs_with_sys_byteorder(device_id, celsius):
    return device_id.to_bytes(4, sys.byteorder) + struct.pack("f", celsius)


@answer("pack_reading", "order", "temperature|float|second|last four")
def packs_the_temperature_in_native_order(device_id, celsius):
    return struct.pack("!I", device_id) + struct.pack("f", celsius)


@answer("pack_reading", "order|little|big")
def packs_little_endian(device_id, celsius):
    return struct.pack("<If", device_id, celsius)


@answer("pack_reading", "str|text")
def sends_a_str(device_id, celsius):
    return f"{device_id} {celsius}"


@answer("pack_reading", "str|text|decode")
def decodes_the_bytes_into_a_str(device_id, celsius):
    return struct.pack("!If", device_id, celsius).decode("latin-1")


@answer("pack_reading", "str|text|hex")
def returns_hexadecimal_text(device_id, celsius):
    return struct.pack("!If", device_id, celsius).hex(" ")


@answer("pack_reading", "text|digits|characters")
def encodes_text(device_id, celsius):
    return f"{device_id} {celsius}".encode()


@answer("pack_reading", "sign|4,294,967,295|negative")
def packs_a_signed_number(device_id, celsius):
    return struct.pack("!if", device_id, celsius)


@answer("pack_reading", "double|float|twelve|12")
def packs_a_double(device_id, celsius):
    return struct.pack("!Id", device_id, celsius)


@answer("pack_reading", "two|2 bytes|65,535|four|4")
def packs_a_short_number(device_id, celsius):
    return struct.pack("!Hf", device_id, celsius)


@answer("pack_reading", "four|4|long|twelve|12")
def packs_a_long_number(device_id, celsius):
    return struct.pack("!Qf", device_id, celsius)


@answer("pack_reading", "round|fraction|float|whole")
def rounds_the_temperature(device_id, celsius):
    return struct.pack("!II", device_id, round(celsius))


@answer("pack_reading", "fit|wrap|large")
def wraps_a_number_that_does_not_fit(device_id, celsius):
    return struct.pack("!If", device_id % 2**32, celsius)


@answer("pack_reading", "first|field|swap")
def swaps_the_fields(device_id, celsius):
    return struct.pack("!fI", celsius, device_id)


@answer("pack_reading", "bytearray")
def returns_a_bytearray(device_id, celsius):
    data = bytearray(8)
    struct.pack_into("!If", data, 0, device_id, celsius)
    return data


@answer("pack_reading", "raise|error|except", "fit|large|range")
def swallows_what_does_not_fit(device_id, celsius):
    try:
        return struct.pack("!If", device_id, celsius)
    except struct.error:
        return b""


@answer("pack_reading", "scale|hundred|times|100")
def packs_hundredths(device_id, celsius):
    return struct.pack("!Ii", device_id, round(celsius * 100))


@answer("pack_reading", "two|argument|separate")
def packs_a_tuple(device_id, celsius):
    return struct.pack("!If", (device_id, celsius))


@answer("pack_reading", "float", "to_bytes|letter|struct")
def asks_a_float_for_its_bytes(device_id, celsius):
    return device_id.to_bytes(4, "big") + celsius.to_bytes(4, "big")


@answer("pack_reading", "0|zero|smallest")
def refuses_device_zero(device_id, celsius):
    if not 0 < device_id < 2**32:
        raise ValueError("no such device")
    return struct.pack("!If", device_id, celsius)


@answer("pack_reading", "4,294,967,295|largest|limit")
def refuses_the_largest_device(device_id, celsius):
    if not 0 <= device_id < 2**32 - 1:
        raise ValueError("no such device")
    return struct.pack("!If", device_id, celsius)


# unpack_reading


@answer("unpack_reading", "order")
def unpacks_in_native_order(data):
    if len(data) != 8:
        raise ValueError("not a reading")
    return struct.unpack("=If", data)


@answer("unpack_reading", "order")
def unpacks_each_field_in_native_order(data):
    if len(data) != 8:
        raise ValueError("not a reading")
    return int.from_bytes(data[:4], sys.byteorder), struct.unpack("f", data[4:])[0]


@answer("unpack_reading", "valueerror|struct.error")
def lets_struct_complain(data):
    return struct.unpack("!If", data)


@answer("unpack_reading", "exactly|longer|more than|rest|too long|nine|9")
def takes_what_is_there_first(data):
    if len(data) < 8:
        raise ValueError("too short")
    return struct.unpack("!If", data[:8])


@answer("unpack_reading", "text|digits|decode|characters")
def takes_text(data):
    if len(data) != 8:
        raise ValueError("not a reading")
    device, celsius = data.decode().split()
    return int(device), float(celsius)


@answer("unpack_reading", "sign|negative")
def unpacks_a_signed_number(data):
    if len(data) != 8:
        raise ValueError("not a reading")
    return struct.unpack("!if", data)


@answer("unpack_reading", "tuple")
def returns_a_list(data):
    if len(data) != 8:
        raise ValueError("not a reading")
    return list(struct.unpack("!If", data))


@answer("unpack_reading", "raise|valueerror")
def returns_none_for_a_wrong_length(data):
    if len(data) == 8:
        return struct.unpack("!If", data)


@answer("unpack_reading", "valueerror|assert")
def asserts_the_length(data):
    assert len(data) == 8
    return struct.unpack("!If", data)


@answer("unpack_reading", "round|float|fraction|whole")
def rounds_the_temperature_that_it_reads(data):
    if len(data) != 8:
        raise ValueError("not a reading")
    device, celsius = struct.unpack("!If", data)
    return device, round(celsius)


@answer("unpack_reading", "device|two|both")
def forgets_the_device(data):
    if len(data) != 8:
        raise ValueError("not a reading")
    return struct.unpack("!f", data[4:])


@answer("unpack_reading", "int|number")
def returns_text_for_the_device(data):
    if len(data) != 8:
        raise ValueError("not a reading")
    device, celsius = struct.unpack("!If", data)
    return str(device), celsius


@answer("unpack_reading", "int|number")
def reads_the_device_as_an_ip_address(data):
    if len(data) != 8:
        raise ValueError("not a reading")
    return ipaddress.ip_address(data[:4]), struct.unpack("!f", data[4:])[0]


@answer("unpack_reading", "exactly|16|too many|too long")
def takes_many_readings_for_one(data):
    if not data or len(data) % 8:
        raise ValueError("not a reading")
    return struct.unpack_from("!If", data)


@answer("unpack_reading", "first|order|swap")
def returns_the_temperature_first(data):
    if len(data) != 8:
        raise ValueError("not a reading")
    device, celsius = struct.unpack("!If", data)
    return celsius, device


@answer("unpack_reading", "return|raise")
def returns_the_error(data):
    if len(data) != 8:
        return ValueError("not a reading")
    return struct.unpack("!If", data)


NATIVE = "native byte order is fine"
TEXT = "str can be sent"
ONE_ADDRESS = "one address per name"
A_PORT = "a port names a program"

WRONG = [
    WrongAnswer("resolve", asks_for_one_ipv4_address, ONE_ADDRESS),
    WrongAnswer("resolve", takes_the_first_address, ONE_ADDRESS),
    WrongAnswer("resolve", asks_for_ipv4_addresses_in_the_old_way),
    WrongAnswer("resolve", wants_ipv4_only),
    WrongAnswer("resolve", knocks_at_the_port, A_PORT),
    WrongAnswer("resolve", returns_only_ports_with_a_program_behind, A_PORT),
    WrongAnswer("resolve", looks_up_the_service_of_the_port, A_PORT),
    WrongAnswer("resolve", binds_to_the_port, A_PORT),
    WrongAnswer("resolve", lists_an_address_once_for_each_kind_of_socket),
    WrongAnswer("resolve", keeps_what_the_system_gives_twice),
    WrongAnswer("resolve", returns_a_set),
    WrongAnswer("resolve", sorts_the_addresses),
    WrongAnswer("resolve", returns_ipv6_addresses_of_four),
    WrongAnswer("resolve", returns_all_five_fields),
    WrongAnswer("resolve", returns_addresses_without_the_port),
    WrongAnswer("resolve", returns_lists_for_tuples),
    WrongAnswer("resolve", returns_ports_as_text),
    WrongAnswer("resolve", takes_numbers_only),
    WrongAnswer("resolve", returns_nothing_for_an_unknown_name),
    WrongAnswer("resolve", raises_another_error_for_an_unknown_name),
    WrongAnswer("resolve", raises_a_gaierror_of_its_own),
    WrongAnswer("resolve", prints_the_addresses),
    WrongAnswer("resolve", waits_for_the_name_for_ever),
    WrongAnswer("resolve", returns_a_generator),
    WrongAnswer("resolve", makes_a_list_of_a_set),
    WrongAnswer("resolve", remembers_names_whatever_the_port),
    WrongAnswer("resolve", asks_for_the_port_of_the_web),
    WrongAnswer("pack_reading", packs_in_native_order, NATIVE),
    WrongAnswer("pack_reading", packs_with_the_machines_own_letters, NATIVE),
    WrongAnswer("pack_reading", packs_with_sys_byteorder, NATIVE),
    WrongAnswer("pack_reading", packs_the_temperature_in_native_order, NATIVE),
    WrongAnswer("pack_reading", packs_little_endian, NATIVE),
    WrongAnswer("pack_reading", sends_a_str, TEXT),
    WrongAnswer("pack_reading", decodes_the_bytes_into_a_str, TEXT),
    WrongAnswer("pack_reading", returns_hexadecimal_text, TEXT),
    WrongAnswer("pack_reading", encodes_text),
    WrongAnswer("pack_reading", packs_a_signed_number),
    WrongAnswer("pack_reading", packs_a_double),
    WrongAnswer("pack_reading", packs_a_short_number),
    WrongAnswer("pack_reading", packs_a_long_number),
    WrongAnswer("pack_reading", rounds_the_temperature),
    WrongAnswer("pack_reading", wraps_a_number_that_does_not_fit),
    WrongAnswer("pack_reading", swaps_the_fields),
    WrongAnswer("pack_reading", returns_a_bytearray),
    WrongAnswer("pack_reading", swallows_what_does_not_fit),
    WrongAnswer("pack_reading", packs_hundredths),
    WrongAnswer("pack_reading", packs_a_tuple),
    WrongAnswer("pack_reading", asks_a_float_for_its_bytes),
    WrongAnswer("pack_reading", refuses_device_zero),
    WrongAnswer("pack_reading", refuses_the_largest_device),
    WrongAnswer("unpack_reading", unpacks_in_native_order, NATIVE),
    WrongAnswer("unpack_reading", unpacks_each_field_in_native_order, NATIVE),
    WrongAnswer("unpack_reading", lets_struct_complain),
    WrongAnswer("unpack_reading", takes_what_is_there_first),
    WrongAnswer("unpack_reading", takes_text, TEXT),
    WrongAnswer("unpack_reading", unpacks_a_signed_number),
    WrongAnswer("unpack_reading", returns_a_list),
    WrongAnswer("unpack_reading", returns_none_for_a_wrong_length),
    WrongAnswer("unpack_reading", asserts_the_length),
    WrongAnswer("unpack_reading", rounds_the_temperature_that_it_reads),
    WrongAnswer("unpack_reading", forgets_the_device),
    WrongAnswer("unpack_reading", returns_text_for_the_device),
    WrongAnswer("unpack_reading", reads_the_device_as_an_ip_address),
    WrongAnswer("unpack_reading", takes_many_readings_for_one),
    WrongAnswer("unpack_reading", returns_the_temperature_first),
    WrongAnswer("unpack_reading", returns_the_error),
]


# What a fresh attacker found: its first hint led elsewhere


@answer("pack_reading", "whole number")
def packs_the_degrees_as_an_int(device_id, celsius):
    return device_id.to_bytes(4, "big") + int(celsius).to_bytes(4, "big")


@answer("resolve", "four|ipv6")
def takes_each_address_for_a_pair(host, port):
    out = []
    for *_, (ip, number) in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if (ip, number) not in out:
            out.append((ip, number))
    return out


@answer("unpack_reading", "condition|test of the length")
def tests_for_too_few_and_too_many_at_once(data):
    if len(data) < 8 and len(data) > 8:
        raise ValueError
    return struct.unpack("!If", data)


WRONG += [
    WrongAnswer(each.exercise, each)
    for each in (
        packs_the_degrees_as_an_int,
        takes_each_address_for_a_pair,
        tests_for_too_few_and_too_many_at_once,
    )
]
