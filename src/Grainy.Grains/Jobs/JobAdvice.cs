using Grainy.Contracts.Jobs;
using Grainy.Core.Training;
using Grainy.Core.Trust;

namespace Grainy.Grains.Jobs;

/// <summary>What the curve of held-out images means for a training.</summary>
internal static class JobAdvice
{
    public static TrainingAdvice? Of(LossPoint[] heldOut)
    {
        if (heldOut.Length == 0)
        {
            return null;
        }

        var advice = StopAdviser.Advise([.. heldOut.Select(point => new ValidationPoint(point.Step, 0, point.Loss))], higherIsBetter: false);
        return new TrainingAdvice((TrainingVerdict)advice.Verdict, advice.BestStep, advice.Reason);
    }
}
