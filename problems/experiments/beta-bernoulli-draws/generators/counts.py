"""Nothing is random about the tests."""


def generate(rng, saves, views, count):
    return {"saves": saves, "views": views, "count": count}
