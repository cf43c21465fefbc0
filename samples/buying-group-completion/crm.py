#!/usr/bin/env python3
"""A stand-in for a CRM: takes the opportunities that the journey opens, prints them and answers with a number.

    python3 crm.py [PORT]      8089 unless told otherwise, on this machine alone; Ctrl-C ends it
"""
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Crm(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    numbers = {}  # by Idempotency-Key: a call that comes again gets the answer that it had

    def do_POST(self):
        call = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        key = self.headers.get("Idempotency-Key", "")
        is_new = key not in self.numbers
        number = self.numbers.setdefault(key, f"OPP-{len(self.numbers) + 1:04}")
        if is_new:
            print(number, json.dumps(call, ensure_ascii=False), flush=True)
        answer = json.dumps({"opportunity": number}).encode()
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8089
    server = ThreadingHTTPServer(("127.0.0.1", port), Crm)
    print(f"CRM on port {server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
