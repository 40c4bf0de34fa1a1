"""Logs: lines that add a score or ask for a report, ``often`` how many of them ask."""


def generate(rng, lines, items, k, middle=0.5, width=1.0, often=0.1, early=0, skewed=False):
    written = [f"{lines} {k}"]
    for at in range(lines):
        if at < early or at == lines - 1 or rng.random() < often:
            written.append("report")
            continue
        item = min(items, int(rng.paretovariate(1.0))) if skewed else rng.randint(1, items)
        written.append(f"add {item} {middle + width * (rng.random() - 0.5):.3f}")
    return "\n".join(written) + "\n"
