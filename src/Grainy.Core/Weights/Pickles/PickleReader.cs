using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Grainy.Core.Weights.Containers;

namespace Grainy.Core.Weights.Pickles;

/// <summary>
/// Reads the part of the pickle language that files of weights use. Nothing is ever executed: a name is a string, and a call goes to the front end's short list of
/// constructors. An opcode that is not listed here ends the reading.
/// </summary>
/// <param name="position">Where the pickle begins.</param>
/// <param name="end">Where it must have ended.</param>
internal sealed class PickleReader(ByteSource bytes, long position, long end, IPickleConstructors constructors)
{
    // The largest known file takes about three thousand steps; every step makes one object at most.
    private const int MostSteps = 1 << 18;
    private const int Window = 1 << 16;
    private const int LongestName = 256;

    private static readonly object Mark = new();
    private readonly List<object?> _stack = [];
    private readonly Dictionary<int, object?> _memo = [];
    private byte[] _window = [];
    private long _windowStart;

    /// <summary>Index of the first byte after what was read so far.</summary>
    public long Position { get; private set; } = position;

    /// <summary>Reads one pickle up to its stop mark.</summary>
    public object? Read()
    {
        for (var steps = 0; steps < MostSteps; steps++)
        {
            var opcode = Take(1)[0];
            if (opcode == (byte)'.')
            {
                return Pop();
            }

            Step(opcode);
        }

        throw Damaged("is longer than any");
    }

    private void Step(byte opcode)
    {
        switch (opcode)
        {
            case 0x80: Take(1); break; // protocol
            case 0x95: Take(8); break; // frame: only a hint for buffering
            case (byte)'(': Push(Mark); break;
            case (byte)'N': Push(null); break;
            case 0x88: Push(true); break;
            case 0x89: Push(false); break;
            case (byte)'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case (byte)'K': Push((long)Take(1)[0]); break;
            case (byte)'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case 0x8a: PushInteger(Take(Take(1)[0])); break;
            case (byte)'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
            case (byte)'U': Push(Encoding.Latin1.GetString(Take(Take(1)[0]))); break;
            case (byte)'T': Push(Encoding.Latin1.GetString(Take(Length()))); break;
            case (byte)'X': Push(Encoding.UTF8.GetString(Take(Length()))); break;
            case 0x8c: Push(Encoding.UTF8.GetString(Take(Take(1)[0]))); break;
            case (byte)'C': Push(Take(Take(1)[0]).ToArray()); break;
            case (byte)'B': Push(Take(Length()).ToArray()); break;
            case (byte)'c': Push(new PickleGlobal($"{Line()} {Line()}")); break;
            case 0x93: PushStackGlobal(); break;
            case (byte)'q': _memo[Take(1)[0]] = Top(); break;
            case (byte)'r': _memo[Length()] = Top(); break;
            case 0x94: _memo[_memo.Count] = Top(); break;
            case (byte)'h': Push(Recall(Take(1)[0])); break;
            case (byte)'j': Push(Recall(Length())); break;
            default: StepOverContainers(opcode); break;
        }
    }

    private void StepOverContainers(byte opcode)
    {
        switch (opcode)
        {
            case (byte)')': Push(Array.Empty<object?>()); break;
            case (byte)'t': Push(PopToMark()); break;
            case 0x85: Push(PopMany(1)); break;
            case 0x86: Push(PopMany(2)); break;
            case 0x87: Push(PopMany(3)); break;
            case (byte)']': Push(new List<object?>()); break;
            case (byte)'a': Append(PopMany(1)); break;
            case (byte)'e': Append(PopToMark()); break;
            case (byte)'}': Push(new PickleDictionary()); break;
            case (byte)'s': SetItems(PopMany(2)); break;
            case (byte)'u': SetItems(PopToMark()); break;
            case (byte)'Q': Push(constructors.Persistent(Pop())); break;
            case (byte)'R': Call(); break;
            case (byte)'b': Build(); break;
            default:
                throw new WeightFormatException(
                    $"'{bytes.Name}' uses the pickle instruction 0x{opcode:x2}, which no file of weights needs; "
                    + "it was not read further, because a pickle can carry code. Get the official file.");
        }
    }

    private void Call()
    {
        var arguments = Pop() as object?[] ?? throw Damaged("calls something without arguments");
        var global = Pop() as PickleGlobal ?? throw Damaged("calls something that is no name");
        Push(constructors.Call(global.Name, arguments));
    }

    private void Build()
    {
        var state = Pop();
        constructors.Build(Top(), state);
    }

    private void PushStackGlobal()
    {
        var names = PopMany(2);
        Push(names is [string module, string name] ? new PickleGlobal($"{module} {name}") : throw Damaged("names something by what is no text"));
    }

    private void Append(object?[] items) => (Top() as List<object?> ?? throw Damaged("adds to what is no list")).AddRange(items);

    private void SetItems(object?[] items)
    {
        var dictionary = Top() as PickleDictionary ?? throw Damaged("sets items of what is no dictionary");
        if (items.Length % 2 != 0)
        {
            throw Damaged("has a key without a value");
        }

        foreach (var pair in items.Chunk(2))
        {
            dictionary.Items.Add(new(pair[0], pair[1]));
        }
    }

    private void Push(object? value) => _stack.Add(value);

    private object? Pop()
    {
        var value = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    // A mark is no value: taking it as one is a sign of damage.
    private object? Top() => _stack.Count > 0 && !ReferenceEquals(_stack[^1], Mark) ? _stack[^1] : throw Damaged("takes from an empty stack");

    private object?[] PopMany(int count)
    {
        var items = new object?[count];
        for (var i = count - 1; i >= 0; i--)
        {
            items[i] = Pop();
        }

        return items;
    }

    private object?[] PopToMark()
    {
        var mark = _stack.LastIndexOf(Mark);
        if (mark < 0)
        {
            throw Damaged("closes what was never opened");
        }

        var items = _stack.GetRange(mark + 1, _stack.Count - mark - 1).ToArray();
        _stack.RemoveRange(mark, _stack.Count - mark);
        return items;
    }

    private object? Recall(int index) => _memo.TryGetValue(index, out var value) ? value : throw Damaged("recalls what it never stored");

    private int Length() => BinaryPrimitives.ReadInt32LittleEndian(Take(4)) is var length and >= 0 ? length : throw Damaged("has a negative length");

    // The bytes stay valid until the next call.
    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > end - Position)
        {
            throw new WeightFormatException($"'{bytes.Name}' is truncated: it ends in the middle of its list of tensors; fetch it again.");
        }

        var at = Position - _windowStart;
        if (at < 0 || at + count > _window.Length)
        {
            _window = bytes.Read(Position, (int)Math.Min(end - Position, Math.Max(Window, count)));
            (_windowStart, at) = (Position, 0);
        }

        Position += count;
        return _window.AsSpan((int)at, count);
    }

    private string Line()
    {
        var start = Position;
        var length = 0;
        while (Take(1)[0] != (byte)'\n')
        {
            if (++length > LongestName)
            {
                throw Damaged("has an endless name");
            }
        }

        var after = Position;
        Position = start;
        var line = Encoding.UTF8.GetString(Take(length));
        Position = after;
        return line;
    }

    private void PushInteger(ReadOnlySpan<byte> littleEndian)
    {
        var number = new BigInteger(littleEndian);
        Push(number >= long.MinValue && number <= long.MaxValue ? (long)number : (object)number);
    }

    private WeightFormatException Damaged(string what) => new($"'{bytes.Name}' is no valid file of weights: its pickle {what}; fetch it again.");
}
