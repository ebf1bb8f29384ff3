"""One run of one implementation of t-SNE, in a process of its own.

Prints one line of JSON: seconds of the neighbours and affinities, of the descent, processor seconds of both together (all
threads; those that wait actively included), and the version. Libraries are
timed after their import and a warm-up on 500 points; the peers' defaults are kept, but for perplexity 30, exaggeration
12 for 250 iterations, a PCA start, and the number of iterations and threads.
"""
import argparse
import importlib.metadata
import json
import os
import time

EXAGGERATED = 250


def clock(work):
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def opentsne(data, options):
    import numpy as np
    import openTSNE
    from openTSNE import initialization

    threads, iterations = options["threads"], options["iterations"]
    affinities, first = clock(lambda: openTSNE.affinity.PerplexityBasedNN(
        data, perplexity=30, n_jobs=threads, random_state=1))
    start = initialization.pca(data, random_state=1)

    def descend():
        layout = openTSNE.TSNEEmbedding(start, affinities, n_jobs=threads, random_state=1)
        layout.optimize(n_iter=EXAGGERATED, exaggeration=12, momentum=0.5, inplace=True)
        layout.optimize(n_iter=iterations - EXAGGERATED, momentum=0.8, inplace=True)
        return np.asarray(layout)

    layout, second = clock(descend)
    return layout, first, second


def scikit(data, options):
    from sklearn.manifold import TSNE

    return barnes_hut(TSNE, "_tsne", data, options)


def intelex(data, options):
    from sklearnex.manifold import TSNE

    return barnes_hut(TSNE, "_daal_tsne", data, options)


def barnes_hut(base, descent, data, options):
    spent = []

    class Timed(base):
        pass

    def timed(self, *arguments, **named):
        result, seconds = clock(lambda: getattr(base, descent)(self, *arguments, **named))
        spent.append(seconds)
        return result

    setattr(Timed, descent, timed)
    tsne = Timed(
        n_components=options["dimensions"], perplexity=30, init="pca", learning_rate="auto",
        max_iter=options["iterations"], n_iter_without_progress=options["iterations"], min_grad_norm=0, random_state=1,
        n_jobs=options["threads"])
    layout, seconds = clock(lambda: tsne.fit_transform(data))
    second = sum(spent) if spent else float("nan")
    return layout, seconds - second, second


def manifolds(approx):
    def run(data, options):
        import manifolds_rs

        manifolds_rs.set_num_threads(options["threads"])
        (numbers, distances), first = clock(lambda: manifolds_rs.knn_graph(data, 90))
        tsne = manifolds_rs.TSNE(
            perplexity=30.0, n_epochs=options["iterations"], approx=approx, seed=1,
            optim_params=manifolds_rs.TsneOptim(early_exag_iter=EXAGGERATED, early_exag_factor=12.0))
        layout, second = clock(lambda: tsne.fit_transform(data, knn_indices=numbers, knn_distances=distances))
        return layout, first, second
    return run


def sgtsne(data, options):
    import numpy as np
    import openTSNE
    from sgtsnepi import sgtsnepi

    affinities, first = clock(lambda: openTSNE.affinity.PerplexityBasedNN(
        data, perplexity=30, n_jobs=options["threads"], random_state=1))
    values, vectors = np.linalg.eigh(np.cov(data.T))
    start = data @ vectors[:, ::-1][:, :options["dimensions"]]
    start *= 1e-4 / start[:, 0].std()
    layout, second = clock(lambda: sgtsnepi(
        affinities.P, y0=start.T, d=options["dimensions"], max_iter=options["iterations"], early_exag=EXAGGERATED,
        eta=max(200, len(data) / 12), silent=True))
    return np.asarray(layout).T, first, second


PEERS = {
    "openTSNE": (opentsne, "openTSNE"),
    "scikit-learn": (scikit, "scikit-learn"),
    "scikit-learn-intelex": (intelex, "scikit-learn-intelex"),
    "manifolds-rs fft_3k": (manifolds("fft_3k"), "manifolds-rs"),
    "manifolds-rs fft": (manifolds("fft"), "manifolds-rs"),
    "sgtsnepi": (sgtsne, "sgtsnepi"),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=list(PEERS))
    parser.add_argument("source", help="vectors, .npy")
    parser.add_argument("target", help="where the map goes, .npy")
    parser.add_argument("options", type=json.loads, help="JSON: iterations, threads, dimensions")
    arguments = parser.parse_args()

    import numpy as np  # here, not above: --help must not need it

    options = arguments.options
    run, package = PEERS[arguments.name]
    data = np.load(arguments.source)
    few = dict(options, iterations=EXAGGERATED + 10)
    saved = os.dup(1)
    os.dup2(2, 1)
    run(data[:500], few)
    before = time.process_time()
    layout, first, second = run(data, options)
    processor = time.process_time() - before
    os.dup2(saved, 1)
    np.save(arguments.target, np.ascontiguousarray(layout, dtype=np.float32))
    print(json.dumps({
        "version": importlib.metadata.version(package), "neighbors": first, "descent": second,
        "processor": processor}))


if __name__ == "__main__":
    main()
