using Grainy.Cli.Options;
using Grainy.Cli.Output;
using Grainy.Core.Denoising;
using Grainy.Core.Images;
using Grainy.Core.Training.ZeroShot;

namespace Grainy.Cli.Commands;

/// <summary>One file to denoise: with a model through bands of rows, whatever its size; without one, and NumPy arrays, in memory.</summary>
internal sealed record DenoiseJob(CommandContext Context, DenoiserModel? Model, DenoiseOptions Options, string Path)
{
    /// <summary>Name of the format; null: as the input.</summary>
    public string? Format { get; init; }

    /// <summary>Where the expected error goes; null: nowhere.</summary>
    public string? Uncertainty { get; init; }

    /// <summary>Most time for learning from the image when there is no model.</summary>
    public double LearnSeconds { get; init; }

    /// <summary>Writes the result into a folder; tells what was done with a model or what was learned without one.</summary>
    /// <exception cref="CommandFailedException">This file does not suit; the message names it.</exception>
    public async Task<(string Target, DenoiseUpdate? Last, ZeroShotUpdate? Learned)> RunAsync(string folder, string stem, Action<double> report, CancellationToken stop)
    {
        try
        {
            return Model is null ? await ZeroShotAsync(folder, stem, report, stop)
                : Format == "npy" || System.IO.Path.GetExtension(Path).Equals(".npy", StringComparison.OrdinalIgnoreCase)
                ? await InMemoryAsync(folder, stem, report, stop)
                : await ByRowsAsync(folder, stem, report, stop);
        }
        catch (Exception error) when (error is ArgumentException or ImageFormatException) // this image does not suit; the next one may
        {
            throw new CommandFailedException($"{Path}: {ErrorText.For(error)}", error);
        }
    }

    private async Task<(string Target, DenoiseUpdate? Last, ZeroShotUpdate? Learned)> ByRowsAsync(string folder, string stem, Action<double> report, CancellationToken stop)
    {
        Inputs.Require(Path);
        var target = System.IO.Path.Combine(folder, $"{stem}-denoised{(Format is null ? FileDenoiser.Ending(Path) : ImageFormats.Ending(Format))}");
        MakeFolder(target);
        MakeFolder(Uncertainty);
        var format = Format is null ? null : ImageFormats.Find(Format);
        var last = await Context.OnDeviceAsync(
            token => FileDenoiser.Run(Model!, Path, target, format, Uncertainty, Options, token), update => report((double)update.TilesDone / update.Tiles), stop);
        return (target, last, null);
    }

    private async Task<(string Target, DenoiseUpdate? Last, ZeroShotUpdate? Learned)> InMemoryAsync(string folder, string stem, Action<double> report, CancellationToken stop)
    {
        var (image, facts) = Inputs.Read(Path);
        var wishes = Options with { Uncertainty = Uncertainty is not null };
        var last = await Context.OnDeviceAsync(token => Denoiser.Run(Model!, image, wishes, token), update => report((double)update.TilesDone / update.Tiles), stop);
        var target = Write(folder, stem, facts, last.Result!);
        if (Uncertainty is not null)
        {
            OutputFile.Write(Uncertainty, stream => ImageFormats.Write("tiff32f", last.Uncertainty!, stream));
        }

        return (target, last, null);
    }

    private async Task<(string Target, DenoiseUpdate? Last, ZeroShotUpdate? Learned)> ZeroShotAsync(string folder, string stem, Action<double> report, CancellationToken stop)
    {
        var (image, facts) = Inputs.Read(Path);
        if (facts.Pages > 1)
        {
            throw new CommandFailedException(
                $"{Path}: a stack of {facts.Pages} pages; --method zero-shot learns from single images: split the stack, or train on it: grainy train {ShellWord.Of(Path)}");
        }

        var limits = new ZeroShotSettings { BudgetSeconds = LearnSeconds };
        var run = await Context.OnDeviceAsync(token => ZeroShotDenoiser.Run(image, limits, token), update => report(update.Fraction), stop);
        return (Format is null && facts.Format != "NumPy" ? WriteLike(folder, stem, run.Result!) : Write(folder, stem, facts, run.Result!), null, run);
    }

    private string WriteLike(string folder, string stem, ImageBuffer image)
    {
        var target = System.IO.Path.Combine(folder, $"{stem}-denoised{FileDenoiser.Ending(Path)}");
        MakeFolder(target);
        LikeOriginal.Write(image, Path, target);
        return target;
    }

    private string Write(string folder, string stem, ImageFacts facts, ImageBuffer image)
    {
        var format = Format ?? ImageFormats.Fitting(facts);
        var target = System.IO.Path.Combine(folder, $"{stem}-denoised{ImageFormats.Ending(format)}");
        OutputFile.Write(target, stream => ImageFormats.Write(format, image, stream));
        return target;
    }

    private static void MakeFolder(string? file)
    {
        if (file is not null)
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file))!);
        }
    }
}
