using System.Runtime.InteropServices;
using Shouldly;
using static TorchSharp.torch;

namespace Grainy.TestKit;

/// <summary>Assertions on tensors that leave no tensors behind. Arguments are borrowed.</summary>
public static class TensorAssertions
{
    /// <summary>The values in row-major order, converted to float32.</summary>
    public static float[] ToFloats(this Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var source = tensor.detach().to(float32).cpu().contiguous();
        var values = new float[source.numel()];
        source.bytes.CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    /// <summary>Same sizes, and no value further than <paramref name="tolerance"/> from the expected one; names the worst.</summary>
    public static void ShouldBeClose(this Tensor actual, Tensor expected, double tolerance)
    {
        actual.shape.ShouldBe(expected.shape);
        ShouldAllBeClose(actual.ToFloats(), expected.ToFloats(), tolerance);
    }

    /// <summary>Same length, and no value further than <paramref name="tolerance"/> from the expected one; names the worst.</summary>
    public static void ShouldAllBeClose(this IReadOnlyList<float> actual, IReadOnlyList<float> expected, double tolerance)
    {
        actual.Count.ShouldBe(expected.Count);
        var worst = -1;
        var distance = 0.0;
        for (var i = 0; i < actual.Count; i++)
        {
            var here = actual[i].Equals(expected[i]) ? 0 : Math.Abs((double)actual[i] - expected[i]);
            if (double.IsNaN(here) || here > distance)
            {
                (worst, distance) = (i, double.IsNaN(here) ? double.PositiveInfinity : here);
            }
        }

        (worst < 0 || distance <= tolerance).ShouldBeTrue(
            worst < 0 ? "" : $"value {worst} is {actual[worst]} but should be {expected[worst]} within {tolerance} (distance {distance})");
    }

    /// <summary>The sizes, for example <c>ShouldHaveShape(1, 3, 8, 8)</c>.</summary>
    public static void ShouldHaveShape(this Tensor actual, params long[] sizes) => actual.shape.ShouldBe(sizes);

    /// <summary>Every value is a number and finite.</summary>
    public static void ShouldBeFinite(this Tensor actual)
    {
        var values = actual.ToFloats();
        Array.FindIndex(values, value => !float.IsFinite(value)).ShouldBe(-1, "index of the first value that is not finite");
    }
}
