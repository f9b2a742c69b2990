using Grainy.Cli.Output;
using Grainy.Core.Training;

namespace Grainy.Cli.Training;

/// <summary>The state of a training beside its model, kept once a minute.</summary>
internal sealed class CheckpointFile(string model, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly string _path = model + ".checkpoint";
    private long _saved = clock.GetTimestamp();

    /// <exception cref="CommandFailedException">There is none.</exception>
    public TrainingCheckpoint Read() => File.Exists(_path)
        ? TrainingCheckpoint.Read(File.ReadAllBytes(_path))
        : throw new CommandFailedException($"there is nothing to go on from: '{_path}' is not there; train without --resume");

    public void Save(TrainingRun training)
    {
        _saved = clock.GetTimestamp();
        var bytes = training.Checkpoint();
        OutputFile.Write(_path, stream => stream.Write(bytes));
    }

    public void SaveNowAndThen(TrainingRun training)
    {
        if (clock.GetElapsedTime(_saved) >= Interval)
        {
            Save(training);
        }
    }
}
