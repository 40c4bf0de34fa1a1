"""Laws of the mistakes that are made most."""


def without_prior(saves, views, count):
    return {"beta": {"a": max(saves, 0.5), "b": max(views - saves, 0.5)}}


def failures_are_views(saves, views, count):
    return {"beta": {"a": saves + 1.0, "b": views + 1.0}}


def swapped(saves, views, count):
    return {"beta": {"a": views - saves + 1.0, "b": saves + 1.0}}


def jeffreys(saves, views, count):
    return {"beta": {"a": saves + 0.5, "b": views - saves + 0.5}}
