using Grainy.Contracts.Jobs;
using Grainy.Core.Blending;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>How far a run of a blend is: frames that this run has to compute count alike, however early some of them end.</summary>
internal sealed class BlendProgress(JobRun run, TimeProvider clock)
{
    // Against computing a frame: rounds of few steps, seldom more than two of them.
    private const double MoveShare = 0.3;
    private const int StepsPerMove = 120;

    // From here on it takes longer than foreseen, and nobody knows how long.
    private const double MostlyMoved = 0.97;

    private readonly long _start = clock.GetTimestamp();
    private readonly Dictionary<int, double> _shares = [];
    private long _stepsBefore;
    private Dictionary<int, int> _steps = [];
    private int _frames;
    private int _left;
    private double _finished;
    private double _spacing;
    private readonly Dictionary<int, (int First, int Last)> _moves = [];
    private long _movesStart;

    /// <summary>Begins to compute what is missing now.</summary>
    /// <param name="spacing">How many frames have to be moved when all are there.</param>
    public void Begin(int frames, int missing, int spacing)
    {
        _spacing = spacing * MoveShare;
        _finished += _shares.Values.Count(share => share >= 1);
        _stepsBefore += _steps.Values.Sum();
        _shares.Clear();
        _steps = [];
        (_frames, _left) = (frames, missing);
        run.Update(progress => progress with { Activity = missing == 0 ? "done" : $"{frames - missing} of {frames} frames, loading the metric" });
    }

    /// <summary>Called on the device's thread for each step.</summary>
    public void Take(BlendStep step)
    {
        if (step.StepsTotal == 0)
        {
            return; // an image itself, which costs nothing
        }

        _shares[step.Frame] = step.FrameFinal ? 1 : Math.Min(0.99, step.StepsDone / (double)Math.Max(1, step.StepsTotal));
        _steps[step.Frame] = step.StepsDone;
        var done = _frames - _left + _shares.Values.Count(share => share >= 1);
        var mine = _finished + _shares.Values.Sum(); // frames' worth of work of this run
        var open = Math.Max(0, _left - _shares.Values.Sum()) + _spacing;
        var elapsed = clock.GetElapsedTime(_start).TotalSeconds;
        run.Report(new JobProgress
        {
            Step = _stepsBefore + _steps.Values.Sum(steps => (long)steps),
            Steps = 0,
            Fraction = Math.Clamp((_frames + _spacing - open) / Math.Max(1, _frames + _spacing), 0, 1),
            Activity = step.FrameFinal
                ? $"{done} of {_frames} frames"
                : $"{done} of {_frames} frames · frame at {BlendWords.Place(step.Weights)}: {BlendWords.Of(step)}, step {step.StepsDone} of at most {step.StepsTotal}",
            Loss = step.Energy > 0 ? step.Energy : null,
            ElapsedSeconds = elapsed,
            EtaSeconds = mine > 0.2 ? elapsed / mine * open : null,
        });
    }

    /// <summary>Called on the device's thread for each step of moving the frames along their chain.</summary>
    public void Move(BlendStep step, int frames)
    {
        if (_moves.Count == 0)
        {
            _movesStart = clock.GetTimestamp();
        }

        var first = _moves.TryGetValue(step.Frame, out var known) ? known.First : step.StepsDone;
        _moves[step.Frame] = (first, Math.Max(known.Last, step.StepsDone));
        var done = Math.Min(MostlyMoved, _moves.Values.Sum(move => move.Last - move.First) / (double)(frames * StepsPerMove));
        run.Report(new JobProgress
        {
            Step = _stepsBefore + _steps.Values.Sum(steps => (long)steps) + _moves.Values.Sum(move => move.Last - move.First),
            Steps = 0,
            Fraction = (_frames + (done * _spacing)) / (_frames + _spacing),
            Activity = $"all {_frames} frames are there · moving them until neighbours are equally far apart",
            ElapsedSeconds = clock.GetElapsedTime(_start).TotalSeconds,
            EtaSeconds = done is > 0.05 and < MostlyMoved ? clock.GetElapsedTime(_movesStart).TotalSeconds / done * (1 - done) : null,
        });
    }
}
