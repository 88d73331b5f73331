"""Training of neural collaborative filtering against PyTorch: the same network, parameters, batches and threads, taking
turns.

Usage: neural_cf.py BENCH [--models gmf mlp neumf] [--factors 8 32] [--layers 3] [--batches 256 65536]
                    [--users 6040] [--items 3706] [--threads 2] [--repeats 5] [--seconds 1]
BENCH is the program neural_cf_bench. PyTorch trains with Adam on all parameters (its default way and the fused one), and
with SparseAdam on the embeddings, which are then sparse, and Adam on the rest: the last is what Matinee computes, and its
parameters after three steps are compared before anything is timed. Popularity of users and items follows a Zipf law.
"""

import argparse
import os
import statistics
import subprocess
import tempfile
import time

import numpy as np
import torch

RATE = 0.001


class Network(torch.nn.Module):
    def __init__(self, users, items, factors, last, layers, sparse):
        super().__init__()
        width = last << (layers - 1) if last else 0
        embedding = lambda rows, columns: torch.nn.Embedding(rows, columns, sparse=sparse) if columns else None
        self.user_product, self.item_product = embedding(users, factors), embedding(items, factors)
        self.user_tower, self.item_tower = embedding(users, width), embedding(items, width)
        tower, inputs = [], 2 * width
        for layer in range(layers if last else 0):
            tower += [torch.nn.Linear(inputs, width >> layer), torch.nn.ReLU()]
            inputs = width >> layer
        self.tower = torch.nn.Sequential(*tower)
        self.output = torch.nn.Linear(factors + last, 1)

    def forward(self, users, items):
        features = []
        if self.user_product is not None:
            features.append(self.user_product(users) * self.item_product(items))
        if self.user_tower is not None:
            features.append(self.tower(torch.cat([self.user_tower(users), self.item_tower(items)], 1)))
        return self.output(torch.cat(features, 1) if len(features) > 1 else features[0]).squeeze(1)

    def embeddings(self):
        return [part.weight for part in (self.user_product, self.item_product, self.user_tower, self.item_tower) if part is not None]

    def rest(self):
        return list(self.tower.parameters()) + list(self.output.parameters())

    def numbers(self):
        """In Matinee's order: vectors of users, of items, dense."""
        rows = lambda *parts: torch.cat([part.weight for part in parts if part is not None], 1).flatten()
        dense = []
        for number, layer in enumerate(layer for layer in self.tower if isinstance(layer, torch.nn.Linear)):
            halves = layer.weight.chunk(2, 1) if number == 0 else [layer.weight]
            dense += [half.flatten() for half in halves] + [layer.bias]
        dense += [self.output.weight.flatten(), self.output.bias]
        return torch.cat([rows(self.user_product, self.user_tower), rows(self.item_product, self.item_tower), *dense]).detach()


class Problem:
    def __init__(self, options, model, factors, size):
        rng = np.random.default_rng(factors + size)
        torch.manual_seed(1)
        product, last = (0 if model == "mlp" else factors), (0 if model == "gmf" else factors)
        layers = options.layers if last else 0
        self.shape = (options.users, options.items, product, last, layers)
        self.size, self.count = size, max(4, 262144 // size)
        zipf = lambda rows: rng.choice(rows, size * self.count, p=(lambda w: w / w.sum())(1 / (rng.permutation(rows) + 30.0) ** 0.8)).astype(np.int32)
        self.users, self.items = zipf(options.users), zipf(options.items)
        self.labels = (rng.random(size * self.count) < 0.2).astype(np.float32)
        as_batches = lambda numbers: [torch.from_numpy(part) for part in np.split(numbers, self.count)]
        self.batches = list(zip(as_batches(self.users.astype(np.int64)), as_batches(self.items.astype(np.int64)), as_batches(self.labels)))
        self.start = Network(*self.shape, sparse=False).state_dict()

    def write(self, path):
        network = Network(*self.shape, sparse=False)
        network.load_state_dict(self.start)
        with open(path, "wb") as file:
            np.array([*self.shape, self.size, self.count], np.int64).tofile(file)
            for numbers in (self.users, self.items, self.labels, network.numbers().numpy()):
                numbers.tofile(file)

    def by_torch(self, steps, kind):
        """Seconds, and the network."""
        network = Network(*self.shape, sparse=kind == "sparse")
        network.load_state_dict(self.start)
        if kind == "sparse":
            optimizers = [torch.optim.SparseAdam(network.embeddings(), lr=RATE), torch.optim.Adam(network.rest(), lr=RATE)]
        else:
            optimizers = [torch.optim.Adam(network.parameters(), lr=RATE, fused=kind == "fused")]
        loss_of = torch.nn.BCEWithLogitsLoss()
        begin = time.perf_counter()
        for step in range(steps):
            users, items, labels = self.batches[step % self.count]
            for optimizer in optimizers:
                optimizer.zero_grad()
            loss_of(network(users, items), labels).backward()
            for optimizer in optimizers:
                optimizer.step()
        return time.perf_counter() - begin, network

    def compare(self, matinee, path):
        matinee(3, path)
        _, network = self.by_torch(3, "sparse")
        found, expected = torch.from_numpy(np.fromfile(path, np.float32)), network.numbers()
        return float((found - expected).abs().max()), float((found - expected).norm() / expected.norm())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bench")
    parser.add_argument("--models", nargs="+", default=["gmf", "mlp", "neumf"])
    parser.add_argument("--factors", nargs="+", type=int, default=[8, 32])
    parser.add_argument("--layers", type=int, default=3)
    parser.add_argument("--batches", nargs="+", type=int, default=[256, 65536])
    parser.add_argument("--users", type=int, default=6040)
    parser.add_argument("--items", type=int, default=3706)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    folder = tempfile.mkdtemp()
    path, out = os.path.join(folder, "problem"), os.path.join(folder, "parameters")
    print(f"{'':22} {'million examples a second':>44}   {'ratio to':>24}")
    print(f"{'model':8} {'batch':>7} {'':5} {'matinee':>10} {'adam':>10} {'fused':>10} {'sparse':>10}   {'adam':>7} {'fused':>7} {'sparse':>7}")
    for model in options.models:
        for factors in options.factors:
            for size in options.batches:
                problem = Problem(options, model, factors, size)
                problem.write(path)
                program = subprocess.Popen([options.bench, path, str(options.threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

                def matinee(steps, to="-"):
                    program.stdin.write(f"{steps} {RATE} {to}\n")
                    program.stdin.flush()
                    return float(program.stdout.readline().split()[0])

                largest, relative = problem.compare(matinee, out)
                ways = {"matinee": matinee}
                for kind in ("adam", "fused", "sparse"):
                    ways[kind] = lambda steps, kind=kind: problem.by_torch(steps, kind)[0]
                steps = {}
                for name, way in ways.items():
                    way(2)
                    steps[name] = max(2, int(options.seconds / (way(4) / 4)))
                rates = {name: [] for name in ways}
                for _ in range(options.repeats):
                    for name, way in ways.items():
                        rates[name].append(steps[name] * size / way(steps[name]) / 1e6)
                middle = {name: statistics.median(values) for name, values in rates.items()}
                ratios = "".join(f" {middle['matinee'] / middle[kind]:7.1f}" for kind in ("adam", "fused", "sparse"))
                print(f"{model + ' ' + str(factors):8} {size:7} {'':5}" + "".join(f" {value:10.3f}" for value in middle.values()) + "  " + ratios + f"   parameters differ by {largest:.1e} at most, {relative:.1e} in norm", flush=True)
                program.stdin.close()
                program.wait()


if __name__ == "__main__":
    main()
