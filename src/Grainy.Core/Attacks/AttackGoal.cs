namespace Grainy.Core.Attacks;

/// <summary>What a picture is looked for.</summary>
public enum AttackGoal
{
    /// <summary>One as like the target as can be, which every attacked metric calls no further from the reference than the anchor.</summary>
    Approach,

    /// <summary>One that differs from the reference by no more than a budget, and that the attacked metrics call as far from it as can be.</summary>
    PushApart,
}
