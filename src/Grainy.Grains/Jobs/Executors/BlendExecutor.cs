using Grainy.Contracts.Blending;
using Grainy.Contracts.Jobs;
using Grainy.Core.Blending;
using Grainy.Core.Devices;
using Grainy.Core.Images;
using Grainy.Core.Weights;
using Grainy.Grains.Datasets;
using Grainy.Grains.Images;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>Computes the frames that a blend does not hold yet; each reaches the blend when its picture is stored.</summary>
internal sealed class BlendExecutor(ImageBlobs blobs, WeightStore weights) : IJobExecutor
{
    public bool Handles(JobSpec spec) => spec is BlendSpec;

    public async Task<JobResult> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var spec = (BlendSpec)run.Assignment.Spec;
        var infos = await run.Grains.RequireImagesAsync(run.Assignment.Workspace, [spec.Left, spec.Right]);
        var images = await Task.WhenAll(infos.Select(info => blobs.LoadAsync(info.Pixels, cancellationToken)));
        // A blend is for the eye: it is computed on the pictures as they are shown, both on one scale.
        var (black, white) = (infos.Min(info => info.DisplayBlack), infos.Max(info => info.DisplayWhite));
        var pictures = images.Select(image => AsShown(image, black, white)).ToArray();
        var known = new Dictionary<int, ImageBuffer>();
        foreach (var frame in (await run.Grains.Blend(spec.Blend).GetAsync()).Frames.Where(frame => frame.Final))
        {
            known[frame.Index] = await blobs.LoadAsync(frame.Pixels, cancellationToken);
        }

        var options = new BlendOptions
        {
            Frames = BlendLattice.Line(spec.Settings.Frames),
            Size = spec.Settings.Size,
            StepsPerFrame = spec.Settings.StepsPerFrame,
            Seed = unchecked((ulong)spec.Settings.Seed),
            Known = known,
        };
        return new BlendResult(await ComputeAsync(run, pictures, options, cancellationToken));
    }

    private async Task<int> ComputeAsync(JobRun run, ImageBuffer[] pictures, BlendOptions options, CancellationToken cancellationToken)
    {
        var spec = (BlendSpec)run.Assignment.Spec;
        var adding = Task.CompletedTask;
        var done = new HashSet<int>(options.Known.Keys);
        await run.Worker.RunSlicesAsync(Slices, DeviceLane.Interactive, cancellationToken);
        await adding;
        return done.Count;

        IEnumerable<bool> Slices(CancellationToken token)
        {
            var steps = new Dictionary<int, double>();
            foreach (var step in PerceptualBlend.Run(pictures, options, weights, token))
            {
                steps[step.Frame] = step.FrameFinal ? 1 : step.StepsDone / (double)Math.Max(1, step.StepsTotal);
                if (step.Picture is { } picture)
                {
                    var before = adding;
                    adding = Task.Run(() => AddAsync(run, spec.Blend, step, picture, before), CancellationToken.None);
                }

                if (step.FrameFinal)
                {
                    done.Add(step.Frame);
                }

                Report(run, options, done.Count, steps);
                yield return true;
            }
        }
    }

    private static void Report(JobRun run, BlendOptions options, int done, Dictionary<int, double> steps)
    {
        var fraction = Math.Min(1, (options.Known.Keys.Except(steps.Keys).Count() + steps.Values.Sum()) / options.Frames.Count);
        run.Report(new JobProgress { Step = done, Steps = options.Frames.Count, Fraction = fraction, Activity = $"{done} of {options.Frames.Count} frames" });
    }

    // One after the other, so that a frame's last stage never comes before its early one. The caller is named here: the device's thread belongs to none.
    private async Task AddAsync(JobRun run, BlendId blend, BlendStep step, ImageBuffer picture, Task before)
    {
        await before;
        var png = await blobs.SaveFileAsync(picture, OutputFormat.Png8, CancellationToken.None);
        var pixels = await blobs.SavePixelsAsync(picture, CancellationToken.None);
        var frame = new BlendFrame(step.Frame, step.Weights[^1], step.Energy, step.MixEnergy, png, pixels, step.FrameFinal);
        await Caller.AsAsync(Caller.System, () => run.Grains.Blend(blend).AddFrameAsync(run.Assignment.Job, frame));
    }

    private static ImageBuffer AsShown(ImageBuffer image, double black, double white) => (black, white) == (0, 1)
        ? image
        : new ImageBuffer(image.Channels, image.Height, image.Width, Array.ConvertAll(image.Planes, value => (float)((value - black) / (white - black))));
}
