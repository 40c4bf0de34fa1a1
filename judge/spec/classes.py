"""What ``judge.yaml`` says of a class: its constructor, under the class's own name, and its methods."""

from __future__ import annotations

from judge.model.signature import Method, Signature, signature_of_class
from judge.model.type_expr import NOTHING
from judge.spec.compiled import check_compiled
from judge.spec.locations import Document
from judge.spec.schema import JudgeKeys, MethodKeys
from judge.spec.types import check_identifier, read_parameters, read_type

LANGUAGES = ("python3", "cpp20", "java17")  # that have classes here


def read_class(document: Document, keys: JudgeKeys) -> Signature:
    """Returns the signature. Raises SpecError at what is wrong."""
    if keys.signature is not None:
        raise document.error("signature: a problem of kind 'class' has methods instead", "signature")
    for at, language in enumerate(keys.languages):
        if language not in LANGUAGES:
            message = f"languages: problems of kind 'class' take {', '.join(LANGUAGES)}, found {language!r}"
            raise document.error(message, "languages", at)
    if keys.oracles:
        raise document.error("oracles: problems of kind 'class' have none", "oracles")
    signature = signature_of_class(_read_methods(document, keys), keys.integer_bits)
    check_compiled(document, keys, signature)
    return signature


def _read_methods(document: Document, keys: JudgeKeys) -> tuple[Method, ...]:
    """Returns the constructor and the methods in their order."""
    constructor, others = keys.methods.get(keys.entry_point, MethodKeys()), dict(keys.methods)
    if constructor.returns is not None:
        message = f"methods.{keys.entry_point}.returns: a constructor returns nothing"
        raise document.error(message, "methods", keys.entry_point, "returns")
    others.pop(keys.entry_point, None)
    if not others:
        raise document.error("methods: expected at least one besides the constructor, found none", "methods")
    return tuple(_read_method(document, *pair) for pair in [(keys.entry_point, constructor), *others.items()])


def _read_method(document: Document, name: str, keys: MethodKeys) -> Method:
    check_identifier(document, name, "methods", "methods", name)
    return Method(
        name=name,
        parameters=read_parameters(document, keys.parameters, "methods", name, "parameters"),
        returns=NOTHING if keys.returns is None else read_type(document, keys.returns, "methods", name, "returns"),
    )
