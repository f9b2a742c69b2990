namespace Grainy.Core.Metrics.ELpips;

/// <summary>Sums over samples that come in batches, for one candidate. Errors are those of ratios of sums over batches (Cochran 1977, section 6.3).</summary>
internal sealed class BatchSums
{
    private const int MostScales = 7;

    private readonly (string Kind, string Value)[] _names;
    private readonly double[] _probabilities;
    private readonly int _scales;
    private readonly double[] _layers;

    // Per group: the sum of distances, over batches the sums of (sum of distances)², of sum × number and of number², and the number of samples.
    private readonly double[][] _groups;
    private readonly double[] _batchSums;
    private readonly int[] _batchCounts;
    private double _squares;
    private double _batch;

    public BatchSums(int layers, int scales, int candidates)
    {
        _scales = Math.Min(scales, MostScales);
        var all = ELpipsSampler.Probabilities(scales);
        _probabilities = [.. all.Take(_scales - 1), all.Skip(_scales - 1).Sum()];
        _names =
        [
            .. Enumerable.Range(1, _scales).Select(scale => ("scale", scale < _scales || scales == _scales ? $"{scale}" : $"{scale}–{scales}")),
            .. TransformGroups.All,
        ];
        _layers = new double[layers];
        _groups = [.. _names.Select(_ => new double[5])];
        (_batchSums, _batchCounts) = (new double[_names.Length], new int[_names.Length]);
        Products = new double[candidates];
    }

    /// <summary>Whole batches so far.</summary>
    public int Batches { get; private set; }

    /// <summary>Of the contribution of each layer, over all samples.</summary>
    public IReadOnlyList<double> Layers => _layers;

    /// <summary>Over batches: the sum of distances times that of each candidate.</summary>
    public double[] Products { get; }

    /// <summary>Numbers of the groups of a transform.</summary>
    public int[] Groups(ELpipsTransform transform) =>
        [Math.Min(transform.Scale, _scales) - 1, .. TransformGroups.Of(transform).Select(group => _scales + group)];

    /// <summary>Takes in one sample.</summary>
    public void Add(int[] groups, IReadOnlyList<double[]> perCandidate, int candidate)
    {
        var layers = perCandidate[candidate];
        for (var layer = 0; layer < layers.Length; layer++)
        {
            _layers[layer] += layers[layer];
        }

        var distance = layers.Sum();
        _batch += distance;
        foreach (var group in groups)
        {
            _batchSums[group] += distance;
            _batchCounts[group]++;
        }
    }

    /// <summary>Takes in the batch, while all candidates still hold theirs.</summary>
    public void EndBatch(BatchSums[] candidates)
    {
        Batches++;
        _squares += _batch * _batch;
        for (var other = 0; other < Products.Length; other++)
        {
            Products[other] += _batch * candidates[other]._batch;
        }

        for (var group = 0; group < _groups.Length; group++)
        {
            var (sum, count, into) = (_batchSums[group], (double)_batchCounts[group], _groups[group]);
            double[] added = [sum, sum * sum, sum * count, count * count, count];
            for (var i = 0; i < added.Length; i++)
            {
                into[i] += added[i];
            }
        }
    }

    /// <summary>Begins the next batch.</summary>
    public void BeginBatch()
    {
        _batch = 0;
        Array.Clear(_batchSums);
        Array.Clear(_batchCounts);
    }

    /// <summary>Of the mean distance; not a number while it cannot be known.</summary>
    public double ErrorOfMean() => Error(ScaleSums(), _squares, BatchError.Means(ScaleBatches(), ScaleSums()));

    /// <summary>Of the difference of two mean distances under the same transforms; not a number while it cannot be known.</summary>
    public static double ErrorOfDifference(BatchSums first, BatchSums second, int secondNumber)
    {
        var (a, b, batches) = (first.ScaleSums(), second.ScaleSums(), first.ScaleBatches());
        return first.Error(
            Difference(b, a), first._squares + second._squares - (2 * first.Products[secondNumber]), Difference(BatchError.Means(batches, b), BatchError.Means(batches, a)));

        static double[] Difference(double[] left, double[] right) => [.. left.Zip(right, (x, y) => x - y)];
    }

    /// <summary>Mean distances by groups.</summary>
    public IReadOnlyList<TransformShare> Attribution() =>
        [.. _names.Zip(_groups, (name, sums) => Share(name.Kind, name.Value, sums)).Where(share => share.Samples > 0)];

    /// <summary>All that is needed to go on after a whole batch with this candidate alone.</summary>
    public IReadOnlyList<double> Numbers() => [ScaleSums().Sum(), _squares, .. _layers, .. _groups.SelectMany(group => group)];

    /// <summary>The inverse of <see cref="Numbers"/>.</summary>
    public void Restore(double[] numbers, int batches)
    {
        (_squares, Batches) = (numbers[1], batches);
        numbers.AsSpan(2, _layers.Length).CopyTo(_layers);
        for (var group = 0; group < _groups.Length; group++)
        {
            numbers.AsSpan(2 + _layers.Length + (5 * group), 5).CopyTo(_groups[group]);
        }
    }

    private double Error(double[] sums, double squares, double[] means) =>
        BatchError.OfMean(_probabilities, ScaleBatches(), sums, squares, means) / ReferenceSampling.BatchSize;

    // All samples of a batch have one scale, so the groups of the scales count whole batches.
    private int[] ScaleBatches() => [.. _groups.Take(_scales).Select(sums => (int)sums[4] / ReferenceSampling.BatchSize)];

    private double[] ScaleSums() => [.. _groups.Take(_scales).Select(sums => sums[0])];

    private TransformShare Share(string kind, string value, double[] sums)
    {
        var mean = sums[4] == 0 ? 0 : sums[0] / sums[4];
        var squares = sums[1] - (2 * mean * sums[2]) + (mean * mean * sums[3]);
        var error = sums[4] == 0 || Batches < 2 ? 0 : Math.Sqrt(Math.Max(0, squares) * Batches / (Batches - 1)) / sums[4];
        return new TransformShare(kind, value, mean, error, (int)sums[4]);
    }
}
