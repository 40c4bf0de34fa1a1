from collections import Counter


def slate(relevance, creators, k, cap):  # takes the best k, drops what is too much, and does not fill up
    shown, taken = Counter(), []
    for pin in sorted(range(len(relevance)), key=lambda pin: -relevance[pin])[:k]:
        shown[creators[pin]] += 1
        if shown[creators[pin]] <= cap:
            taken.append(pin)
    return taken
