"""Right programs of A2 in other styles: threads, one big loop, `selectors`, asyncio."""

from support.programs import solution

LOGIC = """
import asyncio, hashlib, os, queue, select, selectors, struct, threading, time, types, zlib


def make(kind, transfer, number, payload=b""):
    start = struct.pack("!BII", kind, transfer, number)
    return start + struct.pack("!I", zlib.crc32(start + bytes(4) + payload)) + payload


def parse(datagram):
    if not 13 <= len(datagram) <= 512:
        return None
    kind, transfer, number, crc = struct.unpack_from("!BIII", datagram)
    if make(kind, transfer, number, datagram[13:]) != datagram:
        return None
    return kind, transfer, number, datagram[13:]


class Outgoing:  # neither a socket nor a clock
    def __init__(self, address, image):
        if len(image) > 16 << 20:
            raise ValueError("too large")
        self.image, self.address, self.began = image, address, time.monotonic()
        self.pieces = [image[i : i + 499] for i in range(0, len(image), 499)]
        self.transfer = int.from_bytes(os.urandom(4), "big")
        self.there, self.low, self.times = set(), 0, {}
        self.heard, self.offered = self.began, 0
        self.open = self.done = False
        self.count = 0

    def take(self, datagram, address):
        found = parse(datagram)
        if found is None or address != self.address or found[1] != self.transfer:
            return
        kind, _, number, payload = found
        if kind == 5:
            raise ConnectionError("the receiver failed: " + payload.decode("utf-8", "replace"))
        if kind == 4 and number == len(self.image) and not payload:
            self.done = True
        elif kind == 3 and number <= len(self.pieces) and len(payload) <= 32:
            self.open = True
            self.there.update(range(self.low, number))
            for place in range(8 * len(payload)):
                if payload[place // 8] & 128 >> place % 8:
                    self.there.add(number + 1 + place)
            while self.low in self.there:
                self.low += 1
        else:
            return
        self.heard = time.monotonic()

    def give(self):
        now = time.monotonic()
        if now > self.heard + 3:
            raise ConnectionError("the receiver is silent")
        if not self.open or self.low == len(self.pieces):
            if now > self.offered + 0.3:
                self.offered = now
                digest = hashlib.sha256(self.image).digest()
                return [make(1, self.transfer, len(self.image), digest)]
            return []
        out, flying = [], 0
        for n in range(self.low, min(self.low + 256, len(self.pieces))):
            if n in self.there:
                continue
            if now - self.times.get(n, 0) > 0.3:
                self.times[n] = now
                out.append(make(2, self.transfer, n, self.pieces[n]))
            flying += 1
            if flying == 48:
                break
        self.count += len(out)
        return out

    def stats(self):
        took = time.monotonic() - self.began
        return types.SimpleNamespace(transmissions=self.count, seconds=took)


class Incoming:
    def __init__(self):
        self.heard, self.peer, self.answer, self.low = time.monotonic(), None, None, 0

    def take(self, datagram, address):
        found = parse(datagram)
        if found is None:
            return None
        kind, transfer, number, payload = found
        if self.peer is None and kind == 1 and number <= 16 << 20 and len(payload) == 32:
            self.peer, self.size, self.digest = (address, transfer), number, payload
            self.image = bytearray(number)
            self.missing = set(range(-(-number // 499)))
        if self.peer != (address, transfer):
            return None
        if kind == 5 and not self.answer:
            raise ConnectionError("the sender failed: " + payload.decode("utf-8", "replace"))
        if kind == 2:
            start = 499 * number
            if not payload or len(payload) != min(499, self.size - start):
                return None
            self.missing.discard(number)
            self.image[start : start + len(payload)] = payload
        elif kind != 1 or number > 16 << 20 or len(payload) != 32:
            return None
        self.heard = time.monotonic()
        if not self.missing and not self.answer:
            self.fits = hashlib.sha256(self.image).digest() == self.digest
            self.answer = (4, transfer, self.size) if self.fits else (5, transfer, 1, b"hash")
        if self.answer:
            return make(*self.answer)
        while self.low not in self.missing:
            self.low += 1
        bits = bytearray(32)
        for place in range(min(256, -(-self.size // 499) - self.low - 1)):
            if self.low + 1 + place not in self.missing:
                bits[place // 8] |= 128 >> place % 8
        return make(3, transfer, self.low, bytes(bits))

    def over(self):
        silent = time.monotonic() - self.heard
        if self.answer and silent > 1:
            if not self.fits:
                raise ConnectionError("the hash is wrong")
            return True
        if not self.answer and silent > 3:
            raise ConnectionError("the sender is silent")
        return False
"""

THREADS = (
    LOGIC
    + """
def reader(sock, came, stop):
    sock.settimeout(0.05)
    while not stop.is_set():
        try:
            came.put(sock.recvfrom(2000))
        except OSError:
            pass


def with_reader(sock, work):
    came, stop = queue.Queue(), threading.Event()
    thread = threading.Thread(target=reader, args=(sock, came, stop))
    thread.start()
    try:
        return work(came)
    finally:
        stop.set()
        thread.join()


def send_firmware(sock, address, image):
    out = Outgoing(address, image)

    def work(came):
        while not out.done:
            for datagram in out.give():
                sock.sendto(datagram, address)
            try:
                out.take(*came.get(timeout=0.02))
            except queue.Empty:
                pass
        return out.stats()

    return with_reader(sock, work)


def receive_firmware(sock):
    into = Incoming()

    def work(came):
        while not into.over():
            try:
                datagram, address = came.get(timeout=0.05)
            except queue.Empty:
                continue
            if answer := into.take(datagram, address):
                sock.sendto(answer, address)
        return bytes(into.image)

    return with_reader(sock, work)
"""
)

BIG_LOOP = (
    LOGIC
    + """
def send_firmware(sock, address, image):
    out = Outgoing(address, image)
    sock.setblocking(False)
    while not out.done:
        for datagram in out.give():
            sock.sendto(datagram, address)
        if select.select([sock], [], [], 0.01)[0]:
            try:
                out.take(*sock.recvfrom(2000))
            except BlockingIOError:
                pass
    return out.stats()


def receive_firmware(sock):
    into = Incoming()
    sock.setblocking(False)
    while not into.over():
        answers = []
        select.select([sock], [], [], 0.05)
        try:
            while True:  # one ACK for all that waits
                datagram, address = sock.recvfrom(2000)
                if answer := into.take(datagram, address):
                    answers.append((answer, address))
        except BlockingIOError:
            pass
        for answer, address in answers[-1:]:
            sock.sendto(answer, address)
    return bytes(into.image)
"""
)

SELECTORS = (
    LOGIC
    + """
def each_datagram(sock, seconds):
    sock.setblocking(False)
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        while True:
            if not selector.select(seconds):
                yield None
                continue
            try:
                yield sock.recvfrom(4096)
            except BlockingIOError:
                yield None


def send_firmware(sock, address, image):
    out = Outgoing(address, image)
    for datagram in out.give():
        sock.sendto(datagram, address)
    for came in each_datagram(sock, 0.02):
        if came:
            out.take(*came)
        if out.done:
            return out.stats()
        for datagram in out.give():
            sock.sendto(datagram, address)


def receive_firmware(sock):
    into = Incoming()
    for came in each_datagram(sock, 0.05):
        answer = came and into.take(*came)
        if answer:
            sock.sendto(answer, came[1])
        if into.over():
            return bytes(into.image)
"""
)

ASYNCIO = (
    LOGIC
    + """
async def sending(sock, address, image):
    out = Outgoing(address, image)
    sock.setblocking(False)
    loop = asyncio.get_running_loop()

    async def listen():
        while not out.done:
            datagram, sender = await loop.sock_recvfrom(sock, 2000)
            out.take(datagram, sender)

    async def talk():
        while not out.done:
            for datagram in out.give():
                await loop.sock_sendto(sock, datagram, address)
            await asyncio.sleep(0.005)

    listening, talking = asyncio.create_task(listen()), asyncio.create_task(talk())
    try:
        done, _ = await asyncio.wait({listening, talking}, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
    finally:
        for task in (listening, talking):
            task.cancel()
        await asyncio.gather(listening, talking, return_exceptions=True)
    return out.stats()


async def receiving(sock):
    into = Incoming()
    sock.setblocking(False)
    loop = asyncio.get_running_loop()
    while not into.over():
        try:
            datagram, sender = await asyncio.wait_for(loop.sock_recvfrom(sock, 2000), 0.05)
        except TimeoutError:
            continue
        if answer := into.take(datagram, sender):
            await loop.sock_sendto(sock, answer, sender)
    return bytes(into.image)


def send_firmware(sock, address, image):
    return asyncio.run(sending(sock, address, image))


def receive_firmware(sock):
    return asyncio.run(receiving(sock))
"""
)

RIGHT = {
    "the solution": solution("a2"),
    "threads": THREADS,
    "one big loop": BIG_LOOP,
    "selectors": SELECTORS,
    "asyncio": ASYNCIO,
}

# What each is tried at in the suite; `course.py abuse assignments` tries all at all.
IN_SUITE = {
    "the solution": ("goodput", "few repeats", "giving up", "together"),
    "threads": ("small", "loss", "order", "the end"),
    "one big loop": ("small", "order", "damage", "limits", "strangers"),
    "selectors": ("loss", "strangers", "giving up", "few repeats"),
    "asyncio": ("small", "order", "the end"),
}
