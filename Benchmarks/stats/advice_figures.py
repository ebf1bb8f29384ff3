"""The figures of advice.py, from the answers of the training UI's interface."""

import math
import statistics

NAN = float("nan")


def number(value):
    return float(value) if value is not None else NAN


def column(found, name):
    """Iterations and finite values of a scalar."""
    series = found["series"]
    values = series["columns"].get(name, {"mean": []})["mean"]
    pairs = zip(series["iterations"], map(number, values))
    return [(iteration, value) for iteration, value in pairs if math.isfinite(value)]


def short(value, digits=3):
    return "–" if value is None or not math.isfinite(value) else f"{value:.{digits}g}"


def median(values):
    return statistics.median(values) if values else NAN


def early(found):
    """Iteration from which the learning rate is under half of its highest value."""
    rates = column(found, "learningRate")
    highest = max((rate for _, rate in rates), default=0)
    return max((iteration for iteration, rate in rates if rate >= highest / 2), default=0) + 1


def noise(values):
    """Standard deviation of what changes from one report to the next, as Line.noise."""
    seconds = [abs(c - 2 * b + a) for a, b, c in zip(values, values[1:], values[2:])]
    return median(seconds) / (0.6745 * math.sqrt(6)) if seconds else NAN


def blocks(values, count):
    return [statistics.fmean(values[len(values) * i // count:len(values) * (i + 1) // count]) for i in range(count)] \
        if len(values) >= count else []


def waves(values):
    """Swing of long waves, as ScoreRules.waves."""
    steady = blocks(values[len(values) // 4:], 15)
    if not steady:
        return NAN
    middle, mean = 7, statistics.fmean(steady)
    slope = sum((i - middle) * (v - mean) for i, v in enumerate(steady)) / sum((i - middle) ** 2 for i in range(15))
    rest = [v - mean - slope * (i - middle) for i, v in enumerate(steady)]
    return math.sqrt(statistics.fmean(r * r for r in rest)) / abs(median(values))


def epoch_waves(found):
    """What comes back at the same place of each epoch from the second on, as EpochCourse.swing."""
    configuration, total = found["configuration"], found["info"]["model"]["totalUnits"]
    epochs, done = configuration["epochs"], dict(column(found, "completedUnits"))
    parts = {}
    for iteration, value in column(found, "score"):
        place = min(done[iteration] / total * epochs, epochs - 1e-9)
        parts.setdefault(int(place), []).append((place % 1, value))
    fewest = min((len(part) for part in parts.values()), default=0)
    if len(parts) < max(3, epochs) or fewest < 4:
        return NAN
    means = {epoch: statistics.fmean(value for _, value in part) for epoch, part in parts.items()}
    places = [[] for _ in range(min(10, fewest))]
    for epoch in range(1, epochs):
        before, after = max(1, epoch - 1), min(epochs - 1, epoch + 1)
        fall = (means[after] - means[before]) / (after - before) if after > before else 0
        for place, value in parts[epoch]:
            places[int(place * len(places))].append(value - means[epoch] - fall * (place - 0.5))
    rest = [statistics.fmean(place) for place in places if place]
    return math.sqrt(statistics.fmean(r * r for r in rest)) / abs(median(list(means.values())))


def score_figures(found):
    score = column(found, "score")
    values = [value for _, value in score]
    configuration = found["configuration"]
    start = values[0] if values else NAN
    if not configuration["hierarchicalSoftmax"]:
        start = (1 + configuration["negative"]) * math.log(2)
    now = median(values[-max(1, len(values) // 10):]) if values else NAN
    lowest = min(blocks(values, 10), default=NAN)
    return {
        "iterations": score[-1][0] if score else 0, "reports": len(values),
        "untrained": short(start), "lowest": short(lowest / start), "end": short(now / start),
        "noise %": short(100 * noise(values) / now if values else NAN, 2), "waves %": short(100 * waves(values), 2),
        "epoch waves %": short(100 * epoch_waves(found), 2),
    }


class Shape:
    """Moments of a histogram, as HistogramShape."""

    def __init__(self, histogram):
        counts = histogram["counts"]
        low, high = number(histogram["low"]), number(histogram["high"])
        total = sum(counts)
        self.valid = False
        if total < 100 or not high > low:
            return
        middle = sum((i + 0.5) * c for i, c in enumerate(counts)) / total
        moment = [sum(c * (i + 0.5 - middle) ** p for i, c in enumerate(counts)) / total for p in range(5)]
        variance = moment[2] - 1 / 12
        if variance <= 0:
            return
        self.valid = True
        deviation = math.sqrt(variance)
        self.skewness = moment[3] / (variance * deviation)
        self.kurtosis = (moment[4] - moment[2] / 2 + 7 / 240) / variance ** 2 - 3
        self.reach = max(middle, len(counts) - middle) / deviation
        self.low, self.high, self.deviation = low, high, deviation * (high - low) / len(counts)
        # Longest run of empty bins between values.
        longest = here = 0
        for count in counts:
            here = here + 1 if count == 0 else 0
            longest = max(longest, here)
        self.gap = longest / deviation


def shapes(found, layer, kind):
    strip = found["layers"][layer][1][kind]
    all_ = [Shape(histogram) for histogram in strip["histograms"]]
    return [(iteration, shape) for iteration, shape in zip(strip["iterations"], all_) if shape.valid]


def spread(values):
    if not values:
        return "–"
    low, high = min(values), max(values)
    return short(low) if short(low) == short(high) else f"{short(low)} … {short(high)}"


def layer_figures(found, layer):
    end = early(found)
    prefix = f"layer/{layer}"
    ratio = [(i, v) for i, v in column(found, f"{prefix}/ratio") if 0 < i < end and v > 0]
    values = [v for _, v in ratio]
    usual = median(values[len(values) // 2:])
    peak = NAN
    for index in range(5, len(ratio)):
        around = [ratio[j][1] for j in range(max(0, index - 8), min(len(ratio), index + 9)) if j != index]
        factor = ratio[index][1] / median(around)
        peak = factor if not peak > factor else peak
    activations = [v for _, v in column(found, f"{prefix}/activations/standardDeviation")]
    parts = blocks(activations, 9)
    deviation = column(found, f"{prefix}/parameters/standardDeviation")
    root = math.sqrt(found["layers"][layer][0]["shape"][-1])
    parameters = [s for _, s in shapes(found, layer, "parameters")][-5:]
    updates = [s for i, s in shapes(found, layer, "updates") if i > 0]
    by_iteration = dict(deviation)
    largest = [max(abs(s.low), abs(s.high)) / by_iteration[i]
               for i, s in shapes(found, layer, "updates") if by_iteration.get(i, 0) > 0 and i > 0]
    gradients = [v for _, v in column(found, f"{prefix}/gradients/standardDeviation")]
    gradients = gradients[len(gradients) // 10:]
    smooth = [median(gradients[max(0, i - 2):i + 3]) for i in range(len(gradients))]
    growth = NAN
    if smooth and min(smooth) > 0:
        calm = smooth.index(min(smooth))
        growth = max(smooth[calm:]) / smooth[calm]
    return {
        "ratio log10": short(math.log10(usual) if usual > 0 else NAN), "peak": short(peak),
        "activations sd": short(median(activations[-5:])),
        "last third": short(parts[8] / parts[6] if parts and parts[6] > 0 else NAN),
        "row length": short(max((v for _, v in deviation), default=NAN) * root),
        "skewness": spread([s.skewness for s in parameters]), "kurtosis": spread([s.kurtosis for s in parameters]),
        "reach": spread([s.reach for s in parameters]), "gap": spread([s.gap for s in parameters]),
        "largest update": f"{short(median(largest))} … {short(max(largest, default=NAN))}",
        "update skewness": spread([s.skewness for s in updates[-5:]]),
        "gradient growth": short(growth),
    }


def map_figures(found):
    configuration = found["configuration"]
    end = configuration["stopLyingIteration"]
    score = [(i, v) for i, v in column(found, "score") if i > end]
    values = [v for _, v in score]
    last = values[-1] if values else NAN
    limit = 0.9 * configuration["maxIterations"]
    before = [v for i, v in score if i <= limit]
    fall = (before[-1] - last) / last if before and last else NAN
    layer = next(iter(found["layers"]))
    points = found["layers"][layer][0]["shape"][0]
    deviation = column(found, f"layer/{layer}/parameters/standardDeviation")
    at_end = [v for i, v in deviation if i >= end]
    ratio = [(i, v) for i, v in column(found, f"layer/{layer}/ratio") if v > 0]
    forming = median([v for i, v in ratio if end / 2 < i < end])
    resting = median([v for i, v in ratio if i > end + 200][-10:])
    norm = [v for i, v in column(found, "gradientNorm") if i > end]
    smooth = [median(norm[max(0, i - 2):i + 3]) for i in range(len(norm))]
    growth = NAN
    if smooth and min(smooth) > 0:
        calm = smooth.index(min(smooth))
        growth = max(smooth[calm:]) / smooth[calm]
    return {
        "points": points, "KL lowest": short(min(values, default=NAN)), "KL end": short(last),
        "last tenth %": short(100 * fall, 2), "spread after exaggeration": short(at_end[0] if at_end else NAN),
        "spread": short(deviation[-1][1] if deviation else NAN),
        "spread / √points": short(deviation[-1][1] / math.sqrt(points) if deviation else NAN),
        "forming": short(forming, 2), "at rest": short(resting, 2), "gradient growth": short(growth),
    }
