"""Welford's updates for means and co-moments, merged for both groups: each user is seen once."""

from math import sqrt


class Moments:
    def __init__(self):
        self.n, self.x, self.y, self.xx, self.xy, self.yy = 0, 0.0, 0.0, 0.0, 0.0, 0.0

    def add(self, n, x, y, xx, xy, yy):
        total, dx, dy = self.n + n, x - self.x, y - self.y
        weight = self.n * n / total
        self.xx += xx + weight * dx * dx
        self.xy += xy + weight * dx * dy
        self.yy += yy + weight * dy * dy
        self.x += dx * n / total
        self.y += dy * n / total
        self.n = total


def cuped_effect(control, control_before, treatment, treatment_before):
    groups, both = [], Moments()
    for ys, xs in ((control, control_before), (treatment, treatment_before)):
        group = Moments()
        for y, x in zip(ys, xs):
            group.add(1, x, y, 0.0, 0.0, 0.0)
        both.add(group.n, group.x, group.y, group.xx, group.xy, group.yy)
        groups.append(group)
    theta = both.xy / both.xx if both.xx > 0 else 0
    low, high = groups
    effect = (high.y - low.y) - theta * (high.x - low.x)
    squares = sum((g.yy - theta * (2 * g.xy - theta * g.xx)) / (g.n - 1) / g.n for g in groups)
    return effect, sqrt(max(squares, 0.0))
