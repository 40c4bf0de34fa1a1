def slate(relevance, creators, k, cap):
    return sorted(range(len(relevance)), key=lambda pin: -relevance[pin])[:k]
