"""A slate is right when it keeps the caps, is in order, and adds up to the best total."""

from collections import Counter


def check(arguments, expected, answer):
    relevance, creators = arguments["relevance"], arguments["creators"]
    if len(answer) > arguments["k"]:
        return _wrong("wrong_shape", f"{len(answer)} pins on {arguments['k']} places")
    for at, pin in enumerate(answer):
        if not 0 <= pin < len(relevance):
            return _wrong("not_valid", f"answer[{at}]: there is no pin {str(pin)[:20]}")
    if len(set(answer)) < len(answer):
        return _wrong("not_valid", "a pin stands on the slate twice")
    creator, most = max(Counter(creators[pin] for pin in answer).items(), key=lambda item: item[1], default=("", 0))
    if most > arguments["cap"]:
        return _wrong("not_valid", f"{most} pins of {creator!r}, and the cap is {arguments['cap']}")
    values = [relevance[pin] for pin in answer]
    if values != sorted(values, reverse=True):
        return _wrong("not_valid", "the relevance rises along the slate")
    if sum(values) < expected:
        return _wrong("not_optimal", f"the relevance adds up to {sum(values)}, and more is possible")
    return True


def _wrong(reason, message):
    return {"accepted": False, "reason": reason, "message": message}
