"""The questions of chapter 09: one thread, many sockets."""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "the hidden wait": Question(
        "This loop still waits for a single client in one of its calls. In which one, and when?",
        {
            "`selector.select()`, while nobody says anything": wrong(
                "It waits for all of them at once, and whoever says something first wakes it."
            ),
            "`listener.accept()`, until somebody connects": wrong(
                "The selector has just said that the listener is ready, so a client has connected."
            ),
            "`recv(1024)`, until 1,024 bytes have come": wrong(
                "`recv` returns what is there, and the selector has said that something is."
            ),
            "`sendall(data)`, if that client does not read": right(
                "These sockets still block, and `sendall` waits until the system has taken all. "
                "While one client does not read its echo, nobody else is served."
            ),
        },
    ),
    "a forgotten await": Question(
        "This server answers every line. Yet a client that sends and never reads can fill all "
        "of the server's memory, because an `await` is missing. In which line?",
        {
            "async def serve(reader, writer):": wrong(
                "This line makes `serve` a function that may pause. It does not wait itself."
            ),
            "    while line := await reader.readline():": wrong(
                "It has its `await`: the handler pauses here until a whole line has come."
            ),
            "        writer.write(line)": wrong(
                "`write` is no coroutine: it puts the line into the buffer and returns at once. "
                "So who looks how full that buffer is?"
            ),
            "        writer.drain()": right(
                "The call only makes a coroutine, and nothing of it runs. So the handler never "
                "pauses, and goes on writing for a client whose buffer is full."
            ),
            "    writer.close()": wrong(
                "`close` returns at once, and the handler has nothing more to do."
            ),
            "async def main():": wrong("This line begins a function, as the first one does."),
            '    server = await asyncio.start_server(serve, "127.0.0.1", 12345)': wrong(
                "It has its `await`. `serve` stands there without a call: asyncio calls it for "
                "each client."
            ),
            "    await server.serve_forever()": wrong(
                "It has its `await`: `main` pauses here as long as the server works."
            ),
        },
        code=True,
    ),
}
