"""Writes gemm.txt: products that PyTorch computed on the CPU, for the cuBLAS stand-in to reproduce.

    python3 -m venv /tmp/torch && /tmp/torch/bin/pip install torch numpy
    /tmp/torch/bin/python gemm.py > gemm.txt

A product is C = alpha op(A) op(B) + beta C. Matrices are written in the column-major order of cuBLAS, without gaps:
what PyTorch holds row by row as X is column by column the transpose of X.
"""
import torch


def numbers(matrix):
    """Column by column."""
    values = matrix.t().contiguous().flatten().tolist()
    return " ".join(v.hex() if isinstance(v, float) else str(v) for v in values)


def case(kind, transposed_a, transposed_b, m, n, k, alpha, beta):
    if kind == "int8":
        draw = lambda rows, columns: torch.randint(-128, 128, (rows, columns), dtype=torch.int8)
        start = torch.randint(-1000, 1000, (m, n), dtype=torch.int32)
    else:
        draw = lambda rows, columns: torch.randn(rows, columns)
        start = torch.randn(m, n)
    a = draw(k, m) if transposed_a else draw(m, k)
    b = draw(n, k) if transposed_b else draw(k, n)
    op_a = a.t().contiguous() if transposed_a else a
    op_b = b.t().contiguous() if transposed_b else b
    if kind == "int8":
        result = alpha * torch._int_mm(op_a, op_b) + beta * start
    else:
        result = torch.addmm(start, op_a, op_b, beta=beta, alpha=alpha)
    print(kind, int(transposed_a), int(transposed_b), m, n, k, alpha, beta)
    for matrix in (a, b, start, result):
        print(numbers(matrix))


torch.manual_seed(1)
torch.set_num_threads(1)
print(f"# products by PyTorch {torch.__version__} on the CPU, written by gemm.py")
for ta, tb in ((False, False), (True, False), (False, True), (True, True)):
    case("int8", ta, tb, 8, 12, 20, 1, 0)
    case("int8", ta, tb, 20, 4, 36, -2, 1)
    case("float", ta, tb, 1, 1, 1, 1.0, 0.0)
    case("float", ta, tb, 5, 3, 17, 1.5, 0.25)
    case("float", ta, tb, 9, 13, 31, -0.5, 1.0)
