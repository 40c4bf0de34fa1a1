from collections import Counter


def slate(relevance: list[int], creators: list[str], k: int, cap: int) -> list[int]:
    shown, taken = Counter(), []
    for pin in sorted(range(len(relevance)), key=lambda pin: -relevance[pin]):
        if len(taken) < k and shown[creators[pin]] < cap:
            shown[creators[pin]] += 1
            taken.append(pin)
    return taken
