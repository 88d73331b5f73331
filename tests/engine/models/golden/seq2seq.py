"""Writes seq2seq.txt: three steps of Adam of small Seq2Seq networks by PyTorch, with each kind of attention and of loss.

Usage: seq2seq.py > seq2seq.txt, with PyTorch (written by 2.5.1). All in float32. A case is a line "attention loss",
the texts of a batch, one a line, an empty line, the parameters in Matinee's order (engine/models/seq2seq_parameters.h),
a line with the loss before each step, and the parameters after the last.
"""

import torch

VOCABULARY, DIMENSIONS, LAYERS, UNITS = 11, 3, 2, 4
BEGIN, END = 2, 3
TEXTS = [[4, 5, 6, 7, 8], [9, 10, 4], [6]]
RATE, CLIP = 0.01, 0.5


class Network(torch.nn.Module):
    def __init__(self, attention):
        super().__init__()
        self.attention = attention
        self.embedding = torch.nn.Embedding(VOCABULARY, DIMENSIONS)
        self.encoder = torch.nn.LSTM(DIMENSIONS, UNITS, LAYERS)
        self.decoder = torch.nn.LSTM(DIMENSIONS, UNITS, LAYERS)
        self.query = torch.nn.Linear(UNITS, UNITS, bias=False)
        self.key = torch.nn.Linear(UNITS, UNITS, bias=False)
        self.v = torch.nn.Parameter(torch.empty(UNITS).uniform_(-0.5, 0.5))
        self.context = torch.nn.Linear(UNITS, UNITS, bias=False)
        self.hidden = torch.nn.Linear(UNITS, UNITS)
        self.output = torch.nn.Linear(UNITS, VOCABULARY)

    def tensors(self):
        result = [self.embedding.weight]
        for lstm in (self.encoder, self.decoder):
            for layer in range(LAYERS):
                result += [getattr(lstm, f"{name}_l{layer}") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
        if self.attention != "dot":
            result.append(self.query.weight)
        if self.attention == "additive":
            result += [self.key.weight, self.v]
        return result + [self.context.weight, self.hidden.weight, self.hidden.bias, self.output.weight, self.output.bias]

    def logits(self, text):
        """Of one text alone: nothing to pad or mask."""
        encoded, state = self.encoder(self.embedding(torch.tensor(text)))
        decoded, _ = self.decoder(self.embedding(torch.tensor([BEGIN, *text])), state)
        if self.attention == "additive":
            sums = self.query(decoded)[:, None, :] + self.key(encoded)[None, :, :]
            scores = torch.tanh(sums) @ self.v
        else:
            scores = (decoded if self.attention == "dot" else self.query(decoded)) @ encoded.T
        contexts = scores.softmax(-1) @ encoded
        return self.output(torch.tanh(self.context(contexts) + self.hidden(decoded)))


def loss_of(network, kind):
    """Mean over tokens, by which steps go, and the mean that is reported."""
    logits = torch.cat([network.logits(text) for text in TEXTS])
    targets = torch.tensor([token for text in TEXTS for token in [*text, END]])
    if kind == "softmax":
        loss = torch.nn.functional.cross_entropy(logits, targets)
        return loss, loss
    wanted = torch.nn.functional.one_hot(targets, VOCABULARY).float()
    loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, wanted)
    return loss * VOCABULARY, loss


def line(numbers):
    return " ".join(f"{float(number):.9g}" for number in numbers)


def main():
    torch.manual_seed(1)
    for attention, kind in (("dot", "softmax"), ("general", "sigmoid"), ("additive", "softmax")):
        network = Network(attention)
        parameters = network.tensors()
        print(attention, kind)
        for text in TEXTS:
            print(*text)
        print()
        print(line(torch.cat([tensor.detach().ravel() for tensor in parameters])))
        adam = torch.optim.Adam(parameters, lr=RATE)
        losses = []
        for _ in range(3):
            adam.zero_grad()
            loss, reported = loss_of(network, kind)
            losses.append(reported.detach())
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, CLIP)
            adam.step()
        print(line(losses))
        print(line(torch.cat([tensor.detach().ravel() for tensor in parameters])))


main()
