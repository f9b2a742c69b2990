using Grainy.Core.Images;
using static TorchSharp.torch;

namespace Grainy.Core.Blending;

/// <summary>
/// Frames between two images that make Σ d(x_k, x_{k+1})² small together. Each frame's gradient is that of the barycentre of its two neighbours as they are, so all frames take their steps at
/// once. First few frames at reduced resolution, then more between them, at last all of them at the working size.
/// </summary>
internal sealed class GeodesicPath : IDisposable
{
    private const double Rate = 0.008;
    private const int CoarseSteps = 30;
    private const int Stage = 20;
    private const double WorthWhile = 0.004;
    private static readonly double[] Halves = [0.5, 0.5];

    private readonly BlendContext _context;
    private readonly IReadOnlyList<BlendTarget> _targets;
    private readonly BlendFrame[] _frames;
    private readonly bool[] _fixed;
    private int _steps;
    private int _level;
    private double _caution = 1;

    public GeodesicPath(BlendContext context)
    {
        (_context, _targets) = (context, context.Options.Frames);
        _frames = [.. _targets.Select(target => new BlendFrame(target))];
        _fixed = [.. _targets.Select(target => target.Corner >= 0 || context.Options.Known.ContainsKey(target.Index))];
    }

    /// <summary>Computes all frames that are not there.</summary>
    public IEnumerable<BlendStep> Run(CancellationToken ct)
    {
        foreach (var step in Judge(i => _context.Inputs.Mix(0, _targets[i].Weights), BlendStage.Start, ct))
        {
            yield return step;
        }

        foreach (var frame in _frames)
        {
            frame.MixEnergy = frame.Energy.Energy;
        }

        foreach (var step in Coarse(ct))
        {
            yield return step;
        }

        foreach (var step in Fine(ct))
        {
            yield return step;
        }
    }

    /// <summary>Frees the frames.</summary>
    public void Dispose()
    {
        foreach (var frame in _frames)
        {
            frame.Dispose();
        }
    }

    private IEnumerable<BlendStep> Coarse(CancellationToken ct)
    {
        _level = Math.Min(1, _context.Inputs.Sizes.Count - 1);
        var present = Enumerable.Range(0, _frames.Length).Where(i => _fixed[i] || _context.Options.Resume.ContainsKey(_targets[i].Index)).ToList();
        foreach (var i in present)
        {
            using var scope = NewDisposeScope();
            _frames[i].Begin(_context.Scaled(Given(i), _level), published: false);
        }

        while (present.Count < _frames.Length)
        {
            foreach (var (left, right) in present.Zip(present.Skip(1)).Where(gap => gap.Second - gap.First > 1).ToArray())
            {
                Insert(left, right, (left + right) / 2);
                present.Add((left + right) / 2);
            }

            present.Sort();
            foreach (var step in Steps(present, CoarseSteps, 0, CoarseSteps, BlendStage.Coarse, ct))
            {
                yield return step;
            }
        }
    }

    private IEnumerable<BlendStep> Fine(CancellationToken ct)
    {
        var all = Enumerable.Range(0, _frames.Length).ToArray();
        if (_level > 0)
        {
            foreach (var i in all)
            {
                using var scope = NewDisposeScope();
                var picture = _context.Lift(_frames[i].Optimizer!.Result.detach(), _level, 0, BlendStarts.Mix, _targets[i].Weights);
                _frames[i].Begin(_fixed[i] ? _context.Scaled(Given(i), 0) : picture, published: false);
            }

            _level = 0;
        }

        foreach (var step in Judge(i => _frames[i].Optimizer!.Result.detach(), BlendStage.Coarse, ct))
        {
            yield return step;
        }

        foreach (var step in Pictures(BlendStage.Coarse))
        {
            yield return step;
        }

        var (most, stalls) = (Math.Max(10, _context.Options.StepsPerFrame - _steps), 0);
        for (var done = 0; done < most && stalls < 2;)
        {
            var (count, before) = (Math.Min(Stage, most - done), _frames[0].Energy.Energy);
            foreach (var step in Steps(all, count, done, most, BlendStage.Fine, ct))
            {
                yield return step;
            }

            done += count;
            foreach (var step in Judge(i => _frames[i].Optimizer!.Result.detach(), BlendStage.Fine, ct))
            {
                yield return step;
            }

            var gain = 1 - (_frames[0].Energy.Energy / Math.Max(before, double.Epsilon));
            stalls = gain < WorthWhile ? stalls + 1 : 0;
            if (gain <= 0)
            {
                // Steps that led nowhere are undone and repeated more carefully.
                _caution /= 2;
                foreach (var frame in _frames)
                {
                    frame.Begin(frame.Best!, published: false);
                }
            }

            foreach (var step in Pictures(done < most && stalls < 2 ? BlendStage.Fine : BlendStage.Final))
            {
                yield return step;
            }
        }
    }

    private IEnumerable<BlendStep> Steps(IReadOnlyList<int> present, int count, int from, int most, BlendStage stage, CancellationToken ct)
    {
        for (var step = 0; step < count; step++)
        {
            for (var i = 1; i < present.Count - 1; i++)
            {
                if (!_fixed[present[i]])
                {
                    ct.ThrowIfCancellationRequested();
                    Descend(present[i - 1], present[i], present[i + 1]);
                    yield return _context.Report(_frames[present[i]], stage, null);
                }
            }

            foreach (var i in present.Where(i => !_fixed[i]))
            {
                _frames[i].Optimizer!.Step(Rate * _context.Caution * _caution * Math.Sqrt(1 - ((double)(from + step) / most)));
                _frames[i].StepsDone = _steps + 1;
            }

            _steps++;
        }
    }

    private void Descend(int left, int middle, int right)
    {
        using var scope = NewDisposeScope();
        var neighbours = cat([_frames[left].Optimizer!.Picture.detach(), _frames[right].Optimizer!.Picture.detach()], 0);
        using var references = _context.Against(neighbours, _level, _steps);
        _frames[middle].Optimizer!.Descend(references, Halves);
    }

    // Between two frames begins their lively mix.
    private void Insert(int left, int right, int middle)
    {
        using var scope = NewDisposeScope();
        var share = (_targets[middle].Weights[1] - _targets[left].Weights[1]) / (_targets[right].Weights[1] - _targets[left].Weights[1]);
        var ends = cat([_frames[left].Optimizer!.Picture.detach(), _frames[right].Optimizer!.Picture.detach()], 0);
        _frames[middle].Begin(LivelyMix.Of(ends, [1 - share, share]), published: false);
    }

    private ImageBuffer Given(int i) => _context.Options.Known.TryGetValue(_targets[i].Index, out var known) ? known
        : _targets[i].Corner >= 0 ? _context.Inputs.Full[_targets[i].Corner]
        : _context.Options.Resume[_targets[i].Index].Picture;

    // The energy of all frames together is that of the path; either all of them are better or none is.
    private IEnumerable<BlendStep> Judge(Func<int, Tensor> picture, BlendStage stage, CancellationToken ct)
    {
        var pairs = Enumerable.Range(0, _frames.Length - 1).Select(i => (i, i + 1)).ToArray();
        var values = new (double Distance, double Error)[pairs.Length];
        foreach (var _ in _context.Energy.Distances(i => _fixed[i] ? _context.Scaled(Given(i), 0) : picture(i), pairs, values, squared: true))
        {
            ct.ThrowIfCancellationRequested();
            yield return _context.Report(_frames[0], stage, null) with { Frame = _targets[1].Index, Weights = _targets[1].Weights };
        }

        var energy = (values.Sum(value => value.Distance), Math.Sqrt(values.Sum(value => value.Error * value.Error)));
        if (_frames[0].Best is not null && energy.Item1 >= _frames[0].Energy.Energy)
        {
            yield break;
        }

        for (var i = 0; i < _frames.Length; i++)
        {
            using var scope = NewDisposeScope();
            _frames[i].Take(_fixed[i] ? _context.Scaled(Given(i), 0) : picture(i), energy);
        }
    }

    private IEnumerable<BlendStep> Pictures(BlendStage stage)
    {
        for (var i = 0; i < _frames.Length; i++)
        {
            if (!_fixed[i])
            {
                yield return _context.Report(_frames[i], stage, _context.Show(_frames[i].Best!, _targets[i].Weights));
            }
        }
    }
}
