using System.Text.Json;
using Grainy.Core.Denoising;
using Grainy.Core.Weights;

namespace Grainy.Core.Training;

/// <summary>
/// Everything a training needs to go on: weights, their moving average, both moments of the optimiser, and counters. Random streams need no state, because each
/// step derives its own. With a number of steps as the limit, a resumed run gives the same bytes as an uninterrupted one.
/// </summary>
public sealed class TrainingCheckpoint
{
    private const string StateEntry = "state.json";
    private const string TensorsEntry = "tensors.safetensors";
    private const int LargestEntry = 256 << 20;

    internal TrainingCheckpoint(TrainingState state, IReadOnlyDictionary<string, float[]> arrays) => (State, Arrays) = (state, arrays);

    /// <summary>Optimiser steps done.</summary>
    public long Step => State.Step;

    /// <summary>Compute seconds spent.</summary>
    public double ElapsedSeconds => State.ElapsedSeconds;

    internal TrainingState State { get; }

    /// <summary>Flat arrays by name: <c>weights</c>, <c>average</c>, <c>mean</c>, <c>square</c>.</summary>
    internal IReadOnlyDictionary<string, float[]> Arrays { get; }

    /// <summary>One file; equal checkpoints give equal bytes.</summary>
    public byte[] ToBytes()
    {
        using var tensors = new MemoryStream();
        Safetensors.Write(Arrays.ToDictionary(pair => pair.Key, pair => new WeightTensor([pair.Value.Length], pair.Value)), tensors);
        using var file = new MemoryStream();
        ZipBytes.Write(file, [(StateEntry, JsonSerializer.SerializeToUtf8Bytes(State)), (TensorsEntry, tensors.ToArray())]);
        return file.ToArray();
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="DenoiserFormatException">Damaged or of another kind.</exception>
    public static TrainingCheckpoint Read(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        try
        {
            using var source = new MemoryStream(bytes, writable: false);
            var entries = ZipBytes.Read(source, LargestEntry, "checkpoint");
            var state = JsonSerializer.Deserialize<TrainingState>(entries.Required(StateEntry))
                ?? throw new DenoiserFormatException("This checkpoint's state is empty; start the training again.");
            var tensors = Safetensors.Read(entries.Required(TensorsEntry), TensorsEntry);
            return new TrainingCheckpoint(state, tensors.ToDictionary(pair => pair.Key, pair => pair.Value.Values));
        }
        catch (Exception damaged) when (damaged is JsonException or WeightFormatException)
        {
            throw new DenoiserFormatException("This checkpoint is damaged; start the training again.", damaged);
        }
    }
}

/// <summary>The counters of a run.</summary>
internal sealed record TrainingState(long Step, long Updates, long Skipped, double ElapsedSeconds, double LossSum, double LossWeight)
{
    /// <summary>What held-out data said so far; null in files from before there was such a thing.</summary>
    public IReadOnlyList<ValidationPoint>? Curve { get; init; }

    /// <summary>See <see cref="TrainingFingerprint"/>; null where nobody asked.</summary>
    public string? Fingerprint { get; init; }
}
