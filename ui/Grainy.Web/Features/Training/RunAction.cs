namespace Grainy.Web.Features.Training;

/// <summary>What a person may do with a training.</summary>
public enum RunAction
{
    /// <summary>Stop for a while.</summary>
    Pause,

    /// <summary>Go on after a pause.</summary>
    Resume,

    /// <summary>End with what is learned.</summary>
    Finish,

    /// <summary>Stop for good.</summary>
    Cancel,
}
