"""Only the app: a thread reads, the methods wait on a queue."""

import contextlib
import queue
import socket
import threading
import time
from enum import IntEnum


class Kind(IntEnum):
    HELLO = 1
    TEMPERATURE = 2
    TARGET = 3
    SET_TARGET = 4


class Thermostat:
    def __init__(self, address, timeout):
        self.timeout = timeout
        self.inbox = queue.SimpleQueue()
        self.open = True
        self.counter = 0
        try:
            self.sock = socket.create_connection(address, timeout=timeout)
        except TimeoutError:
            raise
        except OSError as e:
            raise ConnectionError(str(e)) from e
        self.sock.settimeout(None)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        try:
            answer = self._call(Kind.HELLO, b"\x02\x01")
            if answer not in (b"\x01", b"\x02"):
                raise ConnectionError("chose something not offered")
            self.version = answer[0]
        except ValueError as e:
            self._broken(e)
        except BaseException:
            self.close()
            raise

    # reading ---------------------------------------------------------------
    def _read(self):
        try:
            while True:
                length = int.from_bytes(self._exactly(4), "big")
                if length < 3 or length > 64:
                    raise ValueError(f"length {length}")
                self.inbox.put(self._exactly(length))
        except (OSError, ValueError) as e:
            self.inbox.put(e)

    def _exactly(self, n):
        data = b""
        while len(data) < n:
            piece = self.sock.recv(n - len(data))
            if not piece:
                raise ValueError("the stream ended")
            data += piece
        return data

    # asking ----------------------------------------------------------------
    def _call(self, kind, body=b""):
        if not self.open:
            raise ConnectionError("closed")
        end = time.monotonic() + self.timeout
        self.counter += 1
        me = self.counter
        try:
            self.sock.sendall(
                (len(body) + 3).to_bytes(4, "big") + bytes([kind]) + me.to_bytes(2, "big") + body
            )
        except OSError as e:
            self._broken(e)
        while True:
            try:
                got = self.inbox.get(timeout=max(0, end - time.monotonic()))
            except queue.Empty:
                raise TimeoutError(f"{kind.name}: no answer in {self.timeout} s") from None
            if isinstance(got, Exception):
                self._broken(got)
            number = int.from_bytes(got[1:3], "big")
            if 0 < number < me:
                continue
            if number != me:
                self._broken(f"an answer to {number} ({got!r})")
            if got[0] == kind + 0x80:
                return got[3:]
            if got[0] == 0xFF and len(got) > 4:
                try:
                    reason = got[4:].decode("utf-8")
                except UnicodeDecodeError as e:
                    self._broken(e)
                if got[3] in (3, 4, 5):
                    raise ValueError(reason)
                self._broken(reason)
            self._broken(f"not an answer: {got!r}")

    def _broken(self, why):
        self.close()
        raise ConnectionError(str(why))

    # the methods -----------------------------------------------------------
    def temperature(self):
        return self._celsius(self._call(Kind.TEMPERATURE))

    def target(self):
        return self._celsius(self._call(Kind.TARGET))

    def set_target(self, celsius):
        if not self.open:
            raise ConnectionError("closed")
        try:
            body = round(float(celsius) * 10).to_bytes(2, "big", signed=True)
        except (TypeError, OverflowError, ValueError) as e:
            raise ValueError(f"{celsius!r}: {e}") from e
        if self._call(Kind.SET_TARGET, body + (b"C" if self.version == 2 else b"")) != b"":
            self._broken("SET_TARGET's answer has a body")

    def _celsius(self, body):
        n = int.from_bytes(body[:2], "big", signed=True)
        if (self.version, len(body)) == (1, 2):
            return n / 10
        if (self.version, len(body)) == (2, 3):
            if body[2:] == b"C":
                return n / 10
            if body[2:] == b"F":
                return round((n / 10 - 32) * 5 / 9, 1)
        self._broken(f"no value: {body!r}")

    def close(self):
        if self.open:
            self.open = False
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)
            self.reader.join()
            self.sock.close()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()
