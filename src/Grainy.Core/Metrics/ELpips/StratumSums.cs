namespace Grainy.Core.Metrics.ELpips;

/// <summary>Sums over the samples of one stratum for one candidate: all that estimates are made of.</summary>
/// <param name="layers">Number of layers of the distance.</param>
/// <param name="candidates">Number of candidates.</param>
internal sealed class StratumSums(int layers, int candidates)
{
    private double[] _terms = new double[FactorDesign.MostTerms];
    private double[] _layers = new double[layers];
    private double[] _groups = new double[TransformGroups.All.Count];
    private double[] _brightness = new double[TransformGroups.All.Count - TransformGroups.FirstOfBrightness];

    /// <summary>Of the distance times each polynomial of the factors.</summary>
    public ReadOnlySpan<double> Terms => _terms;

    /// <summary>Of the squared distance.</summary>
    public double Squares { get; private set; }

    /// <summary>Of the contribution of each layer.</summary>
    public IReadOnlyList<double> Layers => _layers;

    /// <summary>Of the distance within each group of transforms.</summary>
    public IReadOnlyList<double> GroupSums => _groups;

    /// <summary>Of the squared distance within each third of brightness.</summary>
    public IReadOnlyList<double> BrightnessSquares => _brightness;

    /// <summary>Of the product with the distance of each candidate.</summary>
    public double[] Products { get; } = new double[candidates];

    /// <summary>How many numbers <see cref="Numbers"/> has.</summary>
    public static int Length(int layers) =>
        FactorDesign.MostTerms + 1 + layers + TransformGroups.All.Count + TransformGroups.All.Count - TransformGroups.FirstOfBrightness;

    /// <summary>Takes in one sample.</summary>
    public void Add(double[] terms, int[] groups, IReadOnlyList<double[]> perCandidate, int candidate)
    {
        var distance = perCandidate[candidate].Sum();
        for (var term = 0; term < terms.Length; term++)
        {
            _terms[term] += terms[term] * distance;
        }

        for (var layer = 0; layer < layers; layer++)
        {
            _layers[layer] += perCandidate[candidate][layer];
        }

        foreach (var group in groups)
        {
            _groups[group] += distance;
        }

        Squares += distance * distance;
        _brightness[groups[^1] - TransformGroups.FirstOfBrightness] += distance * distance;
        for (var other = 0; other < candidates; other++)
        {
            Products[other] += distance * perCandidate[other].Sum();
        }
    }

    /// <summary>All of it but the products with other candidates, to go on with this candidate alone.</summary>
    public IEnumerable<double> Numbers() => [.. _terms, Squares, .. _layers, .. _groups, .. _brightness];

    /// <summary>The inverse of <see cref="Numbers"/>.</summary>
    public void Restore(ReadOnlySpan<double> numbers)
    {
        var rest = numbers;
        _terms = Take(ref rest, _terms.Length);
        Squares = Take(ref rest, 1)[0];
        _layers = Take(ref rest, _layers.Length);
        _groups = Take(ref rest, _groups.Length);
        _brightness = Take(ref rest, _brightness.Length);

        static double[] Take(ref ReadOnlySpan<double> from, int count)
        {
            var taken = from[..count].ToArray();
            from = from[count..];
            return taken;
        }
    }
}
