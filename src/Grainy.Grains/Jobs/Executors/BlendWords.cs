using Grainy.Core.Blending;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>Stages of a blend as people read them.</summary>
internal static class BlendWords
{
    public static string Of(BlendStep step) => step.Stage switch
    {
        BlendStage.Given => "the image itself",
        BlendStage.Start => "where it starts",
        BlendStage.Coarse => "reduced size",
        BlendStage.Fine => "full working size",
        _ => "done",
    };
}
