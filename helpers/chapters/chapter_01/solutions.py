"""The right answers of chapter 01, as its source has them.

Written by `python3 course.py notebooks` from the chapter's source, where they are edited. Nothing
shows them before an exercise is passed.
"""

import socket
import struct


def resolve(host, port):
    """Return every address that a host name stands for.

    Arguments: host is a name or an IP address, as str; port is an int.
    Returns a list of tuples (ip, port), each once, in the order in which the system gives
    them: of IPv4 and of IPv6 alike.
    Raises socket.gaierror, as it comes from the system, when the name is unknown.

    Example: resolve("127.0.0.1", 80) == [("127.0.0.1", 80)]
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(address[:2] for *_, address in found))


def pack_reading(device_id, celsius):
    """Return a reading as 8 bytes.

    Arguments: device_id is an int from 0 to 4,294,967,295; celsius is a float.
    Returns bytes: 4 for the device, 4 for the temperature, in network byte order.
    Raises struct.error, ValueError or OverflowError when device_id does not fit.

    Example: pack_reading(7, 21.5).hex(" ") == "00 00 00 07 41 ac 00 00"
    """
    return struct.pack("!If", device_id, celsius)


def unpack_reading(data):
    """Return the device and the temperature of a reading that pack_reading has packed.

    Argument: data is bytes. Returns a tuple (int, float).
    Raises ValueError when data has not exactly 8 bytes: a network can bring anything.

    Example: unpack_reading(bytes.fromhex("00 00 00 07 41 ac 00 00")) == (7, 21.5)
    """
    if len(data) != 8:
        raise ValueError(f"a reading has 8 bytes, not {len(data)}")
    return struct.unpack("!If", data)
