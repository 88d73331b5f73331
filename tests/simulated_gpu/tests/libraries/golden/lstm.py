"""Writes lstm.txt: LSTMs that PyTorch computed on the CPU, for the cuDNN stand-in to reproduce.

    python3 -m venv /tmp/torch && /tmp/torch/bin/pip install torch numpy
    /tmp/torch/bin/python lstm.py > lstm.txt

After a line with layers, batch, steps, inputs, hidden and the lengths of the sequences come, one a line: the parameters
(layer by layer the input matrix, the recurrent one, the input bias, the recurrent bias; gates i, f, g, o), x, hx, cx,
what y, hy and cy are multiplied with in the loss, y, hy, cy, and the gradients of the parameters, x, hx and cx. Vectors
of sequences are batch x steps x width with zeros as padding, states layers x batch x hidden.
"""
import torch


def case(layers, batch, steps, inputs, hidden, lengths):
    lstm = torch.nn.LSTM(inputs, hidden, layers, batch_first=True)
    with torch.no_grad():
        for parameter in lstm.parameters():
            parameter.copy_(torch.randn_like(parameter) * 0.5)
    real = (torch.arange(steps)[None, :] < torch.tensor(lengths)[:, None]).float()[:, :, None]
    x = (torch.randn(batch, steps, inputs) * real).requires_grad_()
    hx, cx = (torch.randn(layers, batch, hidden, requires_grad=True) for _ in range(2))
    weights = [torch.randn(batch, steps, hidden) * real, torch.randn_like(hx), torch.randn_like(cx)]

    packed = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    packed_y, (hy, cy) = lstm(packed, (hx, cx))
    y, _ = torch.nn.utils.rnn.pad_packed_sequence(packed_y, batch_first=True, total_length=steps)
    sum((a * b).sum() for a, b in zip((y, hy, cy), weights)).backward()

    print(layers, batch, steps, inputs, hidden, *lengths)
    parameters = list(lstm.parameters())
    flat = lambda tensors: torch.cat([t.detach().flatten() for t in tensors])
    for values in (flat(parameters), x, hx, cx, *weights, y, hy, cy, flat(p.grad for p in parameters), x.grad, hx.grad,
                   cx.grad):
        print(" ".join(v.hex() for v in values.detach().flatten().tolist()))


torch.manual_seed(1)
torch.set_num_threads(1)
print(f"# LSTMs by PyTorch {torch.__version__} on the CPU, written by lstm.py")
case(1, 1, 1, 1, 1, [1])
case(2, 3, 5, 4, 6, [5, 2, 4])
case(2, 2, 4, 3, 7, [4, 4])
