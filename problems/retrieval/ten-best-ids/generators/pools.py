"""The rankings of the statement, whose numbers are the parameters themselves."""


def generate(rng, documents, multiplier, modulus):
    return {"documents": documents, "multiplier": multiplier, "modulus": modulus}
