#!/usr/bin/env python3
"""Checks what an API answered against its OpenAPI document.

    validate_api.py OPENAPI.json EXCHANGES.jsonl [OPERATION...]

Every answer must be one that the document describes for its operation, of the type and schema that it says, and every
operation must have been asked with success at least once, but for those named.
"""
import json
import sys
from urllib.parse import unquote, urlsplit

import jsonschema


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        document = json.load(file)
    with open(sys.argv[2], encoding="utf-8") as file:
        exchanges = [json.loads(line) for line in file]
    missing = {operation["operationId"] for path in document["paths"].values() for operation in path.values()}
    missing -= set(sys.argv[3:])
    resolver = jsonschema.RefResolver("", document)
    faults = check_document(document)
    for exchange in exchanges:
        operation = operation_of(document, exchange)
        if operation is None:
            faults.append(f"{exchange['method']} {exchange['target']}: no such operation in the document")
            continue
        fault = check(operation, exchange, resolver)
        if fault:
            faults.append(f"{exchange['method']} {exchange['target']} -> {exchange['status']}: {fault}")
        if exchange["status"] < 300:
            missing.discard(operation["operationId"])
    faults += [f"{name}: was never asked with success" for name in sorted(missing)]
    for fault in faults:
        print(fault[:600])
    sys.exit(1 if faults else 0)


def check_document(document):
    """What a library for schemas does not see: that ids are unique and every reference leads somewhere."""
    faults = []
    ids = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    faults += [f"{name}: two operations have this id" for name in set(ids) if ids.count(name) > 1]
    text = json.dumps(document)
    for schema in document["components"]["schemas"]:
        jsonschema.Draft202012Validator.check_schema(document["components"]["schemas"][schema])
        if f'"#/components/schemas/{schema}"' not in text:
            faults.append(f"{schema}: nothing refers to this schema")
    return faults


def operation_of(document, exchange):
    segments = [unquote(part) for part in urlsplit(exchange["target"]).path.split("/")]
    found = None
    for path, methods in document["paths"].items():
        pattern = path.split("/")
        fits = len(pattern) == len(segments) and all(
            mine.startswith("{") or mine == theirs for mine, theirs in zip(pattern, segments))
        if fits and (found is None or path.count("{") < found[0]):
            found = (path.count("{"), methods.get(exchange["method"].lower()))
    return found[1] if found else None


def check(operation, exchange, resolver):
    response = operation["responses"].get(str(exchange["status"]))
    if response is None:
        return "the document has no such status for it"
    content_type = exchange["content_type"].split(";")[0]
    if content_type not in response["content"]:
        return f"the document says {list(response['content'])}, and it is {content_type}"
    schema = response["content"][content_type].get("schema")
    if schema is None:
        return None
    bodies = exchange["body"].splitlines() if content_type == "application/x-ndjson" else [exchange["body"]]
    for body in bodies:
        try:
            jsonschema.Draft202012Validator(schema, resolver=resolver).validate(json.loads(body))
        except (jsonschema.ValidationError, json.JSONDecodeError) as error:
            return str(error)
    return None


main()
