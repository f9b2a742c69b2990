using Orleans.Serialization;

namespace Grainy.Grains.Tests.Kit;

/// <summary>Fails a call whose arguments or result would be 64 KB or more on the wire: calls within a process are never serialised, so nothing else notices.</summary>
internal sealed class MessageSizeFilter(Serializer serializer) : IIncomingGrainCallFilter
{
    private const int Most = 64 * 1024;

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        var name = $"{context.InterfaceName}.{context.MethodName}";
        if (context.InterfaceMethod?.DeclaringType?.Namespace?.StartsWith("Grainy.", StringComparison.Ordinal) != true)
        {
            await context.Invoke();
            return;
        }

        for (var i = 0; i < context.Request.GetArgumentCount(); i++)
        {
            Check(context.Request.GetArgument(i), $"argument {i} of {name}");
        }

        await context.Invoke();
        Check(context.Result, $"the result of {name}");
    }

    private void Check(object? value, string what)
    {
        if (value is not (null or CancellationToken or IAddressable) && serializer.SerializeToArray(value).Length is var length && length >= Most)
        {
            throw new InvalidOperationException($"{what} has {length} bytes; a message stays below {Most}.");
        }
    }
}
