using Grainy.Core.Denoising;
using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Core.Training;

namespace Grainy.Core.Tests.Training;

[LeavesNoTensors]
public sealed class TrainingRunTests
{
    private const double Sigma = 0.15;

    private static readonly TrainingSettings Tiny = new() { Steps = 6, NoiseSigma = Sigma, CropSize = 32, BatchSize = 1 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Trait("Category", "slow")]
    [Fact]
    public void Training_on_one_noisy_image_should_lower_the_loss_and_gain_three_decibels()
    {
        var clean = ImageFixtures.Waves(1, 96, 96);
        var noisy = GaussianNoise.Corrupt(clean, Sigma, 1);
        using var training = new TrainingRun(
            new TrainingSettings { Steps = 60, NoiseSigma = Sigma, CropSize = 32, BatchSize = 4, LearningRate = 3e-3 }, [noisy]);

        var updates = training.Run(Token).ToList();
        var denoised = Denoiser.Run(training.Export(), noisy, Sigma, Token).Last().Result!;

        updates[^1].Loss.ShouldBeLessThan(updates[0].Loss - 0.5);
        updates[^1].Fraction.ShouldBe(1);
        updates[^1].Step.ShouldBe(60);
        updates.Count(update => update.Preview != null).ShouldBeGreaterThanOrEqualTo(6);
        ImageFixtures.PeakSignalToNoise(denoised, clean).ShouldBeGreaterThan(ImageFixtures.PeakSignalToNoise(noisy, clean) + 3);
    }

    [Trait("Category", "slow")]
    [Fact]
    public void Held_out_images_should_be_measured_without_changing_what_is_learned()
    {
        var (noisy, other) = (GaussianNoise.Corrupt(ImageFixtures.Waves(1, 64, 64), Sigma, 1), GaussianNoise.Corrupt(ImageFixtures.Waves(1, 64, 64), Sigma, 2));
        var settings = Tiny with { Steps = 40, BatchSize = 2 };
        using var plain = new TrainingRun(settings, [new TrainingScene([noisy])], null, new NoTime());
        using var watched = new TrainingRun(settings, [new TrainingScene([noisy])], null, new NoTime(), [other]);

        plain.Run(Token).Last().Step.ShouldBe(40);
        var curve = watched.Run(Token).Select(update => update.Validation).OfType<ValidationPoint>().ToArray();

        watched.Export().Weights.ShouldBe(plain.Export().Weights);
        curve.Length.ShouldBeGreaterThan(4);
        curve[^1].Step.ShouldBe(40);
        curve[^1].Value.ShouldBeLessThan(curve[0].Value - 0.1);
    }

    [Fact]
    public void Resumed_training_should_give_the_bytes_of_an_uninterrupted_one()
    {
        var image = GaussianNoise.Corrupt(ImageFixtures.Waves(1, 40, 50), Sigma, 1);
        using var whole = new TrainingRun(Tiny, [image], null, new NoTime());
        foreach (var _ in whole.Run(Token))
        {
        }

        byte[] half;
        using (var first = new TrainingRun(Tiny, [image], null, new NoTime()))
        {
            using var run = first.Run(Token).GetEnumerator();
            while (run.MoveNext() && run.Current.Step < 2)
            {
            }

            half = first.Checkpoint();
        }

        using var second = new TrainingRun(Tiny, [image], TrainingCheckpoint.Read(half), new NoTime());
        foreach (var _ in second.Run(Token))
        {
        }

        TrainingCheckpoint.Read(half).Step.ShouldBe(2);
        second.Checkpoint().ShouldBe(whole.Checkpoint());
        second.Export().Weights.ShouldBe(whole.Export().Weights);
    }

    [Fact]
    public void Finished_training_should_go_on_when_more_steps_are_wanted_and_refuse_other_images_and_settings()
    {
        var image = GaussianNoise.Corrupt(ImageFixtures.Waves(1, 40, 50), Sigma, 1);
        using var first = new TrainingRun(Tiny with { Steps = 2 }, [image]);
        _ = first.Run(Token).Last();
        var checkpoint = TrainingCheckpoint.Read(first.Checkpoint());

        using var longer = new TrainingRun(Tiny with { Steps = 4 }, [image], checkpoint);
        var updates = longer.Run(Token).ToList();

        updates[0].Step.ShouldBeGreaterThan(2);
        updates[^1].Step.ShouldBe(4);
        first.Run(Token).ShouldBeEmpty();
        Should.Throw<DenoiserFormatException>(() => new TrainingRun(Tiny with { Seed = 9 }, [image], checkpoint)).Message.ShouldContain("other settings");
        Should.Throw<DenoiserFormatException>(() => new TrainingRun(Tiny, [ImageFixtures.Waves(1, 40, 50)], checkpoint)).Message.ShouldContain("other images");
    }

    [Fact]
    public void Time_budget_should_end_the_run_and_lower_the_rate_to_nothing()
    {
        var image = GaussianNoise.Corrupt(ImageFixtures.Waves(3, 40, 50), Sigma, 1);
        using var training = new TrainingRun(Tiny with { Steps = null, BudgetSeconds = 10 }, [image], null, new EachReadTakes(TimeSpan.FromSeconds(0.5)));

        var updates = training.Run(Token).ToList();

        updates[^1].Fraction.ShouldBe(1);
        updates[^1].EtaSeconds.ShouldBe(0);
        updates[0].EtaSeconds!.Value.ShouldBeGreaterThan(5);
        updates.Select(update => update.ElapsedSeconds).ShouldBeInOrder();
        updates[^1].Step.ShouldBeInRange(5, 30);
    }

    [Fact]
    public void Training_should_take_images_of_several_sizes_and_scales()
    {
        ImageBuffer[] images = [.. new[] { (33, 90), (64, 40) }.Select(
            size => Dark(GaussianNoise.Corrupt(ImageFixtures.Waves(1, size.Item1, size.Item2), Sigma, 1)))];
        using var training = new TrainingRun(Tiny with { CropSize = 64, NoiseSigma = Sigma * 0.01 }, images);

        var last = training.Run(Token).Last();

        last.SkippedSteps.ShouldBe(0);
        double.IsFinite(last.Loss).ShouldBeTrue();
        training.Export().Settings.RangeScale.ShouldBeLessThan(0.03);

        static ImageBuffer Dark(ImageBuffer image) => ImageFixtures.Make(1, image.Height, image.Width, (_, y, x) => image.Planes[(y * image.Width) + x] * 0.01);
    }

    [Fact]
    public void Training_should_refuse_small_mixed_and_infinite_images_in_one_sentence()
    {
        Refusal([]).ShouldStartWith("There is no image");
        Refusal([ImageFixtures.Waves(1, 31, 90)]).ShouldStartWith("An image of 90 × 31 pixels is too small");
        Refusal([ImageFixtures.Waves(1, 40, 40), ImageFixtures.Waves(3, 40, 40)]).ShouldStartWith("Grey and colour");
        Refusal([ImageFixtures.Make(1, 40, 40, (_, y, x) => y == x ? double.NaN : 0.5)]).ShouldContain("not finite");

        static string Refusal(ImageBuffer[] images) => Should.Throw<ArgumentException>(() => new TrainingRun(Tiny, images)).Message;
    }

    [Fact]
    public void Training_should_refuse_a_start_or_a_checkpoint_of_another_network()
    {
        ImageBuffer[] images = [ImageFixtures.Waves(1, 40, 40)];
        using var grey = new TrainingRun(Tiny, images);
        var model = grey.Export();
        var checkpoint = TrainingCheckpoint.Read(grey.Checkpoint());
        ImageBuffer[] colour = [ImageFixtures.Waves(3, 40, 40)];

        Should.Throw<DenoiserFormatException>(() => new TrainingRun(Tiny with { StartFrom = model }, colour)).Message.ShouldContain("of 1 channels");
        Should.Throw<DenoiserFormatException>(() => new TrainingRun(Tiny, colour, checkpoint)).Message.ShouldContain("another network");
        Should.Throw<DenoiserFormatException>(() => TrainingCheckpoint.Read([1, 2, 3])).Message.ShouldContain("no checkpoint file");
    }

    private sealed class NoTime : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }

    private sealed class EachReadTakes(TimeSpan time) : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now += time.Ticks;
    }
}
