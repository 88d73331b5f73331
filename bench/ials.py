"""Implicit-feedback alternating least squares against implicit's AlternatingLeastSquares, epoch by epoch in turns.

Usage: ials.py BENCH RATINGS [--threads 2] [--factors 64] [--epochs 12] [--unobserved-weight 0.1] [--regularization 10]
BENCH is the program ials_bench; RATINGS as for item_similarity.py. Both minimise Hu, Koren and Volinsky's objective with
one penalty for all vectors, on the same ratings, factors and threads; a pair that is rated weighs 1 + 1 / α0 in implicit.
One rating per user is held out and ranked among 99 items without a rating: the quality at which the times were taken.
"""

import argparse
import statistics
import subprocess
import tempfile

import numpy as np
import scipy.sparse as sparse
from implicit.als import AlternatingLeastSquares
from item_similarity import read_ratings


class Matinee:
    """A running ials_bench: `epoch` trains one epoch and returns its seconds."""

    def __init__(self, options, ratings, output):
        self.output = output
        arguments = [ratings, options.threads, options.factors, options.epochs]
        arguments += [options.unobserved_weight, options.regularization, output]
        self.process = subprocess.Popen(
            [options.bench, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def epoch(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def factors(self, users, factors):
        self.process.stdin.close()
        assert self.process.wait() == 0
        rows = np.fromfile(self.output, dtype=np.float32).reshape(-1, factors)
        return rows[:users], rows[users:]


def hold_out(users, items, draws):
    """Which ratings to hold out, one of each user who has two, and 99 other items for each of them."""
    order = draws.permutation(len(users))
    held = order[np.unique(users[order], return_index=True)[1]]
    counts = np.bincount(users)
    held = held[counts[users[held]] > 1]
    seen = sparse.csr_matrix((np.ones(len(users), bool), (users, items)))
    others = []
    for user in users[held]:
        unseen = np.setdiff1d(np.arange(seen.shape[1]), seen[user].indices)
        others.append(draws.choice(unseen, 99, replace=len(unseen) < 99))
    return held, np.array(others)


def hit_rate_and_ndcg(user_rows, item_rows, users, items, others):
    score = np.einsum("nk,nk->n", user_rows[users], item_rows[items])
    rank = np.einsum("nk,njk->nj", user_rows[users], item_rows[others]) >= score[:, None]
    rank = rank.sum(axis=1)
    return np.mean(rank < 10), np.mean(np.where(rank < 10, 1 / np.log2(rank + 2), 0))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench")
    parser.add_argument("ratings")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--factors", type=int, default=64)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--unobserved-weight", type=float, default=0.1)
    parser.add_argument("--regularization", type=float, default=10)
    options = parser.parse_args()

    users, items, levels = read_ratings(options.ratings)
    held, others = hold_out(users, items, np.random.default_rng(1))
    kept = np.setdiff1d(np.arange(len(users)), held)
    weight = np.full(len(kept), 1 + 1 / options.unobserved_weight, np.float32)
    matrix = sparse.csr_matrix((weight, (users[kept], items[kept])), (users.max() + 1, items.max() + 1))
    print(f"{len(kept)} ratings, {options.factors} factors, {options.threads} threads, {options.epochs} epochs")

    for solver, use_cg in [("Cholesky", False), ("3 steps of conjugate gradients", True)]:
        times = {"matinee": [], "implicit": []}
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file, tempfile.NamedTemporaryFile() as output:
            np.savetxt(file, np.column_stack([users[kept], items[kept], levels[kept]]), fmt="%d")
            file.flush()
            matinee = Matinee(options, file.name, output.name)

            def after_epoch(_, seconds, __):
                times["implicit"].append(seconds)
                times["matinee"].append(matinee.epoch())

            model = AlternatingLeastSquares(
                factors=options.factors,
                regularization=options.regularization / options.unobserved_weight,
                iterations=options.epochs,
                use_cg=use_cg,
                num_threads=options.threads,
                random_state=1,
            )
            model.fit(matrix, show_progress=False, callback=after_epoch)
            rows = {"matinee": matinee.factors(matrix.shape[0], options.factors)}
            rows["implicit"] = model.user_factors, model.item_factors
        print(f"implicit solves by {solver}")
        for name, values in times.items():
            quality = hit_rate_and_ndcg(*rows[name], users[held], items[held], others)
            print(
                f"  {name:9} median {statistics.median(values):.3f} s an epoch, least {min(values):.3f} s; "
                f"HR@10 {quality[0]:.4f}, NDCG@10 {quality[1]:.4f}"
            )
        print(f"  implicit / matinee {statistics.median(times['implicit']) / statistics.median(times['matinee']):.2f}")


if __name__ == "__main__":
    main()
