"""Training of the Seq2Seq network against PyTorch: the same network, parameters, batches and threads, taking turns.

Usage: seq2seq.py BENCH [--shapes 1x128 3x131 2x512] [--batches 35 70 256] [--vocabulary 8000] [--lengths equal|varied]
                  [--threads 2] [--repeats 5] [--seconds 2]
BENCH is the program seq2seq_bench. PyTorch's LSTMs are torch.nn.LSTM: on texts of equal length whole tensors, its
fastest way; on varied lengths packed sequences, and the output layer on the steps that are there. Its Adam is the fused
one. Before it is timed, three steps of both from the same parameters are compared.
"""

import argparse
import os
import statistics
import subprocess
import tempfile
import time

import numpy as np
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

BEGIN, END, SPECIALS, STEPS = 2, 3, 4, 10
CLIP, RATE = 5.0, 0.002


class Network(torch.nn.Module):
    """Embedding, encoder, decoder from the encoder's last states, dot attention, tanh(W [context; h]), vocabulary."""

    def __init__(self, vocabulary, dimensions, layers, units):
        super().__init__()
        self.embedding = torch.nn.Embedding(vocabulary, dimensions)
        self.encoder = torch.nn.LSTM(dimensions, units, layers)
        self.decoder = torch.nn.LSTM(dimensions, units, layers)
        self.combine_context = torch.nn.Linear(units, units, bias=False)
        self.combine_hidden = torch.nn.Linear(units, units)
        self.output = torch.nn.Linear(units, vocabulary)

    def tensors(self):
        """In Matinee's order."""
        result = [self.embedding.weight]
        for lstm in (self.encoder, self.decoder):
            for layer in range(lstm.num_layers):
                result += [getattr(lstm, f"{name}_l{layer}") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
        output = self.output
        return result + [self.combine_context.weight, self.combine_hidden.weight, self.combine_hidden.bias, output.weight, output.bias]

    def forward(self, batch):
        source, inputs = self.embedding(batch.source), self.embedding(batch.inputs)
        if batch.mask is None:
            encoded, state = self.encoder(source)
            decoded, _ = self.decoder(inputs, state)
        else:
            encoded, state = self.encoder(pack_padded_sequence(source, batch.lengths))
            decoded, _ = self.decoder(pack_padded_sequence(inputs, batch.lengths + 1), state)
            encoded, decoded = pad_packed_sequence(encoded)[0], pad_packed_sequence(decoded)[0]
        scores = torch.bmm(decoded.transpose(0, 1), encoded.permute(1, 2, 0))
        if batch.mask is not None:
            scores = scores.masked_fill(batch.mask, float("-inf"))
        contexts = torch.bmm(scores.softmax(-1), encoded.transpose(0, 1)).transpose(0, 1)
        if batch.mask is not None:
            contexts, decoded = contexts[batch.there], decoded[batch.there]
        mixed = torch.tanh(self.combine_context(contexts) + self.combine_hidden(decoded))
        return torch.nn.functional.cross_entropy(self.output(mixed).flatten(0, -2), batch.targets)


class Batch:
    def __init__(self, texts):
        lengths = torch.tensor([len(text) for text in texts])
        pad = lambda rows: torch.nn.utils.rnn.pad_sequence([torch.tensor(row) for row in rows])
        self.source, self.inputs = pad(texts), pad([[BEGIN, *text] for text in texts])
        targets = pad([[*text, END] for text in texts])
        equal = bool((lengths == lengths[0]).all())
        self.lengths = lengths
        self.mask = None if equal else (torch.arange(int(lengths[0]))[None, :] >= lengths[:, None])[:, None, :]
        self.there = torch.arange(len(targets))[:, None] <= lengths[None, :]
        self.targets = targets.flatten() if equal else targets[self.there]


class Problem:
    def __init__(self, options, layers, units, size):
        rng = np.random.default_rng(layers * 1000 + units + size)
        torch.manual_seed(1)
        self.network = Network(options.vocabulary, units, layers, units)
        self.batches = []
        for _ in range(4):
            lengths = [STEPS] * size if options.lengths == "equal" else sorted(rng.integers(1, 2 * STEPS, size), reverse=True)
            self.batches.append([rng.integers(SPECIALS, options.vocabulary, length).tolist() for length in lengths])
        self.start = [tensor.detach().clone() for tensor in self.network.tensors()]
        self.head = [options.vocabulary, units, layers, units, size, len(self.batches)]
        self.tokens = [sum(len(text) + 1 for text in texts) for texts in self.batches]

    def write(self, path):
        with open(path, "wb") as file:
            np.array(self.head, np.int64).tofile(file)
            for texts in self.batches:
                for text in texts:
                    np.array([len(text)], np.int64).tofile(file)
                    np.array(text, np.int32).tofile(file)
            for tensor in self.start:
                tensor.numpy().tofile(file)

    def by_torch(self, steps):
        """Seconds, and the loss of the last step."""
        with torch.no_grad():
            for tensor, start in zip(self.network.tensors(), self.start):
                tensor.copy_(start)
        adam = torch.optim.Adam(self.network.parameters(), lr=RATE, fused=True)
        begin = time.perf_counter()
        for step in range(steps):
            adam.zero_grad()
            loss = self.network(Batch(self.batches[step % len(self.batches)]))
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.network.parameters(), CLIP)
            adam.step()
        return time.perf_counter() - begin, float(loss.detach())

    def compare(self, matinee, path):
        _, loss = matinee(3, path)
        _, expected = self.by_torch(3)
        found, worst, place = np.fromfile(path, np.float32), 0.0, 0
        for tensor in self.network.tensors():  # by their norms: Adam's first steps make much of gradients that are nearly 0
            own, there = found[place : place + tensor.numel()], tensor.detach().numpy().ravel()
            worst = max(worst, float(np.linalg.norm(own - there) / np.linalg.norm(there)))
            place += tensor.numel()
        assert place == len(found)
        return abs(loss - expected) / expected, worst


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bench")
    parser.add_argument("--shapes", nargs="+", default=["1x128", "3x131", "2x512"])
    parser.add_argument("--batches", nargs="+", type=int, default=[35, 70, 256])
    parser.add_argument("--vocabulary", type=int, default=8000)
    parser.add_argument("--lengths", choices=["equal", "varied"], default="equal")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    print(f"vocabulary {options.vocabulary}, {options.lengths} lengths, {options.threads} threads, PyTorch {torch.__version__}")
    print(f"{'network':>8} {'batch':>5} {'matinee':>12} {'pytorch':>12}  ratio   after three steps: loss, parameters differ by")
    for shape in options.shapes:
        for size in options.batches:
            layers, units = map(int, shape.split("x"))
            problem = Problem(options, layers, units, size)
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "problem")
                problem.write(path)
                process = subprocess.Popen([options.bench, path, str(options.threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

                def matinee(steps, to="-"):
                    process.stdin.write(f"{steps} {CLIP} {RATE} {to}\n")
                    process.stdin.flush()
                    return tuple(map(float, process.stdout.readline().split()))

                loss, parameters = problem.compare(matinee, os.path.join(folder, "parameters"))
                steps = max(4, int(options.seconds / (problem.by_torch(4)[0] / 4)))
                tokens = sum(problem.tokens[step % len(problem.tokens)] for step in range(steps))
                ratios, own, other = [], [], []
                for _ in range(options.repeats):
                    own.append(tokens / matinee(steps)[0])
                    other.append(tokens / problem.by_torch(steps)[0])
                    ratios.append(own[-1] / other[-1])
                process.stdin.close()
                process.wait()
            print(
                f"{shape:>8} {size:>5} {statistics.median(own):>10.0f}/s {statistics.median(other):>10.0f}/s"
                f" {statistics.median(ratios):>6.2f}   {loss:.1e}, {parameters:.1e}",
                flush=True,
            )


main()
