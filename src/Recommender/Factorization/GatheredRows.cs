namespace Recommender.Factorization;

/// <summary>
/// The rows that a block's interactions speak of, copied next to each other: they are read many times, and where they come from they lie
/// far apart. A block whose rows do not fit is copied in parts, as often as they are read.
/// </summary>
internal sealed unsafe class GatheredRows
{
    // Beyond this the copy would not stay near the core.
    private const int Bytes = 2 << 20;

    private readonly FactorMatrix _from;
    private readonly VectorKernels _kernels;
    private readonly int _stride;
    private readonly int _capacity;
    private readonly FactorMatrix _panel;
    private readonly FactorMatrix _targets;
    private readonly FactorMatrix _scores;
    private readonly int[] _starts;
    private bool _whole;

    public GatheredRows(FactorMatrix from, VectorKernels kernels)
    {
        (_from, _kernels, _stride) = (from, kernels, from.Stride);
        _starts = new int[HalfStep.BlockRows(_stride) + 1];
        _capacity = Math.Max(FactorMatrix.RowBlock, Bytes / (_stride * sizeof(float)) & ~3);
        _panel = new FactorMatrix(_capacity, from.Factors);
        _targets = new FactorMatrix(1, _capacity);
        _scores = new FactorMatrix(1, _capacity);
    }

    /// <summary>What a thread holds, in bytes.</summary>
    public static long BytesFor(int stride) => Math.Max(Bytes, (long)FactorMatrix.RowBlock * stride * sizeof(float));

    /// <summary>The block of the calls that follow.</summary>
    public void Take(RowBlock block)
    {
        for (int z = 0; z < block.Count; z++) _starts[z + 1] = _starts[z] + VectorKernels.PanelLength(block.Length(z));
        _whole = _starts[block.Count] <= _capacity;
        if (!_whole) return;
        for (int z = 0; z < block.Count; z++) Gather(block, z, 0, block.Length(z), _starts[z]);
    }

    /// <summary>
    /// With the row's A = a0 Y'Y + sum c y y' + ridge: <c>sum = A x</c>, or towards the targets <c>sum = sum c y - A x</c>, where sum holds
    /// a0 Y'Y x before. Returns x . sum.
    /// </summary>
    public float Project(RowBlock block, int z, bool towardsTargets, float ridge, float* x, float* sum)
    {
        float slope = towardsTargets ? -1 : 1;
        if (_whole) return Project(_starts[z], _starts[z + 1] - _starts[z], towardsTargets, slope, slope * ridge, x, sum);
        float product = 0, scale = slope;
        for (int first = 0; first < block.Length(z); first += _capacity)
        {
            int count = Math.Min(_capacity, block.Length(z) - first);
            Gather(block, z, first, count, at: 0);
            product = ProjectPart(0, VectorKernels.PanelLength(count), towardsTargets, slope, scale, first == 0 ? slope * ridge : 0, x, sum);
            scale = 1;
        }
        return product;
    }

    private float Project(int at, int count, bool towardsTargets, float slope, float ridge, float* x, float* sum) =>
        ProjectPart(at, count, towardsTargets, slope, slope, ridge, x, sum);

    private float ProjectPart(int at, int count, bool towardsTargets, float slope, float scale, float ridge, float* x, float* sum) =>
        _kernels.Project(_panel.Start + (nint)at * _stride, towardsTargets ? _targets.Start + at : null, count, _stride, slope, scale,
            ridge, x, sum, _scores.Start);

    private void Gather(RowBlock block, int z, int first, int count, int at)
    {
        float* weights = block.Confidences(z);
        _kernels.Gather(_from.Start, block.Columns(z) + first, weights == null ? null : weights + first, count, _stride, _stride,
            _panel.Start + (nint)at * _stride, _targets.Start + at);
    }
}
