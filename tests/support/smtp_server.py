"""A real SMTP server on a free port of 127.0.0.1, for tests.

The first line on stdout is {"port": ..., "certificate": PATH or null}; after it comes one JSON line a mail, as it was
received and as Python's own e-mail package reads it. The server ends when its stdin is closed.
"""

import argparse
import asyncio
import email
import email.policy
import json
import logging
import queue
import ssl
import subprocess
import sys
import tempfile
import threading
import warnings

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tls", choices=["none", "starttls", "implicit"], default="none")
    parser.add_argument("--user", default="")
    parser.add_argument("--password", default="")
    parser.add_argument("--busy", type=int, default=0, help="answer 451 to the first so many receivers")
    parser.add_argument("--refuse", action="append", default=[], help="answer 550 to this receiver")
    parser.add_argument("--mails-per-connection", type=int, default=0, help="then drop the connection without a word")
    parser.add_argument("--silent", action="store_true", help="take mails, but never answer QUIT")
    return parser.parse_args()


def make_certificate(folder):
    """A certificate for this machine that nobody has signed but itself."""
    certificate, key = folder + "/certificate.pem", folder + "/key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", key, "-out", certificate],
        check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return certificate, context


class Voice:
    """Writes lines from a thread of its own, so that a test that does not listen yet cannot hold up the mails."""

    def __init__(self):
        self.lines = queue.SimpleQueue()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while (line := self.lines.get()) is not None:
            print(json.dumps(line), flush=True)

    def say(self, line):
        self.lines.put(line)

    def end(self):
        self.lines.put(None)
        self.thread.join()


def content(message, kind):
    part = message.get_body(preferencelist=(kind,))
    return part.get_content().replace("\r\n", "\n") if part else ""


class Handler:
    def __init__(self, options, voice):
        self.voice = voice
        self.busy = options.busy
        self.refuse = options.refuse

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if self.busy > 0:
            self.busy -= 1
            return "451 4.3.0 too busy now"
        if address in self.refuse:
            return f"550 5.1.1 nobody here is called {address}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        raw = envelope.original_content
        message = email.message_from_bytes(raw, policy=email.policy.default)
        server.mails = getattr(server, "mails", 0) + 1
        self.voice.say({
            "sender": envelope.mail_from,
            "receivers": envelope.rcpt_tos,
            "headers": [[name, str(value)] for name, value in message.items()],
            "text": content(message, "plain"),
            "html": content(message, "html"),
            "raw": raw.decode("latin-1"),
            "connection": session.peer[1],
            "encrypted": server.transport.get_extra_info("cipher") is not None,
            "authenticated": bool(session.authenticated),
        })
        return "250 OK"


class Server(SMTP):
    """SMTP with the bad manners that tests ask for."""

    options = None

    async def smtp_MAIL(self, arg):
        if self.options.mails_per_connection and getattr(self, "mails", 0) >= self.options.mails_per_connection:
            self.transport.abort()
            return
        await super().smtp_MAIL(arg)

    async def smtp_QUIT(self, arg):
        if self.options.silent:
            await asyncio.Event().wait()
        await super().smtp_QUIT(arg)


def authenticator(options):
    def check(server, session, envelope, mechanism, data):
        right = (isinstance(data, LoginPassword) and data.login == options.user.encode()
                 and data.password == options.password.encode())
        return AuthResult(success=right, handled=False)
    return check


async def serve(options, voice):
    with tempfile.TemporaryDirectory() as folder:
        certificate, context = make_certificate(folder) if options.tls != "none" else (None, None)
        handler = Handler(options, voice)
        Server.options = options
        settings = {"hostname": "localhost", "ident": "test"}
        if options.tls == "starttls":
            settings.update(tls_context=context, require_starttls=True)
        if options.user:
            settings.update(authenticator=authenticator(options), auth_required=True,
                            auth_require_tls=options.tls == "starttls")
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: Server(handler, loop=loop, **settings), "127.0.0.1", 0, backlog=256,
            ssl=context if options.tls == "implicit" else None)
        voice.say({"port": server.sockets[0].getsockname()[1], "certificate": certificate})
        await loop.run_in_executor(None, sys.stdin.read)
        server.close()


if __name__ == "__main__":
    # Broken conversations are what the tests are about; nobody needs to read of them.
    logging.disable()
    warnings.simplefilter("ignore")
    chosen = arguments()
    voice = Voice()
    try:
        asyncio.run(serve(chosen, voice))
    finally:
        voice.end()
