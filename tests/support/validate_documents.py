#!/usr/bin/env python3
"""Holds YAML documents to a JSON Schema, with a validator that has nothing to do with Caravan.

    validate_documents.py SCHEMA FILE...

Prints a line FILE:PATH: MESSAGE for each mistake, PATH being the keys and positions that lead to it, and ends with 1
when there were any. A file may hold several documents; of a mail (.html) the front matter is read. YAML is read as
version 1.2 has it, as editors do: `on` and `09:00` are texts.
"""
import json
import re
import sys

import jsonschema
import yaml


class CoreLoader(yaml.SafeLoader):
    """Numbers, truth values and null by the core schema of YAML 1.2; everything else is text."""


CoreLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("tag:yaml.org,2002:null", r"^(null|Null|NULL|~|)$", ["n", "N", "~", ""]),
    ("tag:yaml.org,2002:bool", r"^(true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("tag:yaml.org,2002:int", r"^[-+]?[0-9]+$", list("-+0123456789")),
    ("tag:yaml.org,2002:float", r"^[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)([eE][-+]?[0-9]+)?$", list("-+.0123456789")),
):
    CoreLoader.add_implicit_resolver(tag, re.compile(pattern), first)
# By the base of YAML 1.1 `012` is octal and `1_000` a number.
CoreLoader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))


def documents(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if path.endswith(".html"):
        text = text.split("\n---", 1)[0]
    return [document for document in yaml.load_all(text, CoreLoader) if document is not None]


def main(schema_path, paths):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    mistakes = 0
    for path in paths:
        for document in documents(path):
            for error in validator.iter_errors(document):
                mistakes += 1
                place = "/".join(str(step) for step in error.absolute_path)
                print(f"{path}:{place}: {error.message}")
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
