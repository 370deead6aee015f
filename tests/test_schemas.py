"""The schemas of all documents: what has one name in several of them is one thing."""

from __future__ import annotations

import json
from collections import defaultdict
from importlib.resources import files

import jsonschema
import pytest

SCHEMAS = {
    path.name.removesuffix(".json"): json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((files("sattrack.exports") / "schemas").iterdir(), key=lambda p: p.name)
    if path.name.endswith(".json")
}


def _definitions() -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = defaultdict(dict)
    for document, schema in SCHEMAS.items():
        for name, meaning in schema.get("$defs", {}).items():
            found[name][document] = meaning
    return {name: held for name, held in found.items() if len(held) > 1}


@pytest.mark.parametrize(("name", "held"), sorted(_definitions().items()))
def test_a_definition_means_the_same_everywhere(name, held):
    first, *others = held
    for other in others:
        assert held[other] == held[first], f"{name}: {other}.json is unlike {first}.json"


def test_there_is_something_to_compare():
    assert {"place", "orbit", "spacecraft", "time"} <= set(_definitions())


@pytest.mark.parametrize("document", sorted(SCHEMAS))
def test_every_schema_is_one_and_defines_what_it_uses_and_no_more(document):
    schema = SCHEMAS[document]
    jsonschema.Draft202012Validator.check_schema(schema)
    text = json.dumps(schema)
    defined = set(schema.get("$defs", {}))
    used = {part.partition('"')[0] for part in text.split("#/$defs/")[1:]}
    assert used == defined
