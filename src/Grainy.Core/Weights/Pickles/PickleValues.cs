namespace Grainy.Core.Weights.Pickles;

/// <summary>A name that a pickle refers to, for example <c>collections OrderedDict</c>; never looked up, only compared.</summary>
internal sealed record PickleGlobal(string Name);

/// <summary>A dictionary of a pickle, in the order in which it was written.</summary>
internal sealed class PickleDictionary
{
    public List<KeyValuePair<object?, object?>> Items { get; } = [];

    public object? this[string key] => Items.LastOrDefault(item => item.Key is string name && name == key).Value;
}

/// <summary>What a front end makes of the few constructors it knows.</summary>
internal interface IPickleConstructors
{
    /// <summary>The value of <c>global(*arguments)</c>; throws for any name that is not on its list.</summary>
    object? Call(string global, object?[] arguments);

    /// <summary>Takes in the state of a value that <see cref="Call"/> made.</summary>
    void Build(object? target, object? state);

    /// <summary>The value behind a persistent id.</summary>
    object? Persistent(object? id);
}
