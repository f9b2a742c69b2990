using Grainy.Contracts.Blending;
using Grainy.Core.Blending;
using Grainy.Core.Devices;
using Grainy.Core.Images;
using Grainy.Core.Weights;
using Grainy.Grains.Images;
using BlendFrame = Grainy.Contracts.Blending.BlendFrame;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>
/// Moves the frames of a finished chain until neighbours are equally far apart in the metric. It can be left for what somebody waits for and gone on with; the blend takes
/// all frames at once when they have arrived. A job that is interrupted before begins it anew, from frames that are there.
/// </summary>
internal sealed class BlendMoves : IAsyncDisposable
{
    private readonly JobRun _run;
    private readonly int _frames;
    private readonly IEnumerator<BlendStep> _steps;
    private readonly List<BlendStep> _moved = [];
    private BlendStep? _last;
    private bool _ended;

    /// <param name="frames">What is moved: the frames between the ends.</param>
    /// <param name="options">With even spacing and the computed frames.</param>
    /// <param name="cancellationToken">Of the job.</param>
    public BlendMoves(
        JobRun run, BlendFrame[] frames, IReadOnlyList<ImageBuffer> images, BlendOptions options, WeightStore weights, CancellationToken cancellationToken)
    {
        (_run, _frames, Key) = (run, frames.Length, KeyOf(frames));
        _steps = PerceptualBlend.Run(images, options, weights, cancellationToken).GetEnumerator();
    }

    /// <summary>Tells apart what is moved.</summary>
    public string Key { get; }

    /// <summary>The <see cref="Key"/> of frames.</summary>
    public static string KeyOf(IEnumerable<BlendFrame> frames) => string.Join('/', frames.Select(frame => frame.Png.Sha256));

    /// <summary>As it is told.</summary>
    public static ChainSpacing Contract(BlendSpacing spacing) => new([.. spacing.Distances], [.. spacing.Errors], spacing.Straight);

    /// <summary>Goes on until the end or until something else is wanted.</summary>
    /// <returns>True at the end.</returns>
    public async Task<bool> ContinueAsync(BlendProgress progress, Func<bool> changed, CancellationToken cancellationToken)
    {
        await _run.Worker.RunSlicesAsync(_ => Slices(), DeviceLane.Interactive, cancellationToken);
        return _ended;

        IEnumerable<bool> Slices()
        {
            while (!changed())
            {
                if (!_steps.MoveNext())
                {
                    _ended = true;
                    yield break;
                }

                _last = _steps.Current;
                if (_last is { FrameFinal: true, Picture: not null, Stage: not Core.Blending.BlendStage.Given })
                {
                    _moved.Add(_last);
                }

                progress.Move(_last, _frames);
                yield return true;
            }
        }
    }

    /// <summary>Hands the moved frames to their blend.</summary>
    public async Task HandInAsync(ImageBlobs blobs, IBlendGrain grain, BlendSnapshot blend)
    {
        var moved = new List<MovedFrame>();
        foreach (var step in _moved)
        {
            var picture = step.Picture!;
            var png = await blobs.SaveFileAsync(picture, OutputFormat.Png8, CancellationToken.None);
            var pixels = await blobs.SavePixelsAsync(picture, CancellationToken.None);
            var steps = Array.Find(blend.Targets, target => target.Index == step.Frame)!.Steps;
            moved.Add(new MovedFrame(
                new BlendFrame(step.Frame, step.Weights[1], step.Energy, step.MixEnergy, png, pixels, true, [.. step.Weights], step.EnergyError, step.StepsDone, steps),
                await BlendCollector.StageAsync(blobs, step, picture, png, BlendWords.Moved(step))));
        }

        var (after, before) = (Contract(_last!.Spacing!), Contract(_last.SpacingBefore!));
        await grain.RespaceAsync(_run.Assignment.Job, [.. moved], before, after);
    }

    // What an iterator holds on the device is freed there.
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _run.Worker.RunAsync(
                _ =>
                {
                    _steps.Dispose();
                    return true;
                },
                DeviceLane.Interactive,
                CancellationToken.None);
        }
        catch (ObjectDisposedException)
        {
            // The device is gone, and the process ends.
        }
    }
}
