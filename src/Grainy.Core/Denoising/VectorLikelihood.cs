using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Denoising;

/// <summary>
/// The likelihood of <see cref="GaussianLikelihood"/> for three channels with full covariance, and its gradients, in one pass of our own vector code: the tensor
/// library takes some two hundred passes, and wakes its threads for each. Sums do not depend on how many threads there are.
/// </summary>
internal static unsafe class VectorLikelihood
{
    private const int Lanes = 8;
    private const int PixelsAtOnce = 2048;
    private const int Outputs = 9;
    private const int Channels = 3;

    /// <summary>True where it can run: [9, P] in float32 on a processor that has the instructions. Null tensors do not count.</summary>
    public static bool Suits(Tensor prediction, params Tensor?[] others) =>
        Fma.IsSupported && prediction.shape[0] == Outputs && others.Append(prediction).All(x => x is null || (x.dtype == float32 && x.device_type == DeviceType.CPU));

    /// <summary>The mean over pixels.</summary>
    /// <param name="prediction"><c>[9, P]</c>; all tensors are contiguous and borrowed.</param>
    /// <param name="observed"><c>[3, P]</c>.</param>
    /// <param name="spread">Variance of the observation's own noise, for the expectation over it: <c>[P]</c> or <c>[3, P]</c>; null for none.</param>
    /// <param name="noise">Variance that the model assumes: <c>[P]</c> or <c>[3, P]</c>.</param>
    /// <param name="toPrediction"><c>[9, P]</c>, overwritten with the gradient; null where it is not wanted.</param>
    /// <param name="toNoise"><c>[3, P]</c>, overwritten with the gradient; null where that of the prediction is not wanted.</param>
    public static double Mean(Tensor prediction, Tensor observed, Tensor? spread, Tensor noise, Tensor? toPrediction = null, Tensor? toNoise = null)
    {
        var pixels = (int)prediction.shape[1];
        var parts = (pixels + PixelsAtOnce - 1) / PixelsAtOnce;
        var sums = new double[parts];
        fixed (byte* p = prediction.bytes, y = observed.bytes, n = noise.bytes, v = Bytes(spread), gradient = Bytes(toPrediction), gradientOfNoise = Bytes(toNoise))
        {
            var rows = new Rows
            {
                Prediction = (float*)p,
                Observed = (float*)y,
                Noise = (float*)n,
                Spread = (float*)v,
                ToPrediction = (float*)gradient,
                ToNoise = (float*)gradientOfNoise,
                Step = pixels,
                NoiseStep = noise.dim() == 1 ? 0 : pixels,
                SpreadStep = spread is null || spread.dim() == 1 ? 0 : pixels,
                Scale = 0.5f / pixels,
            };
            Convolutions.Spread.For(parts, part => sums[part] = Part(rows, part * PixelsAtOnce, Math.Min(pixels, (part + 1) * PixelsAtOnce)));
        }

        return sums.Sum() / (2.0 * pixels);
    }

    private static Span<byte> Bytes(Tensor? tensor) => tensor is null ? default : tensor.bytes;

    private static double Part(Rows rows, int from, int to)
    {
        var sum = 0.0;
        for (; from <= to - Lanes; from += Lanes)
        {
            sum += Vector256.Sum(Eight(rows, from));
        }

        return from < to ? sum + Rest(rows, from, to - from) : sum;
    }

    // Fewer than eight, filled up with pixels of no signal.
    private static double Rest(Rows rows, int from, int count)
    {
        const int All = (2 * Outputs) + (4 * Channels);
        var room = stackalloc float[All * Lanes];
        new Span<float>(room, All * Lanes).Fill(1);
        var padded = rows with
        {
            Prediction = Copied(rows.Prediction, rows.Step, Outputs),
            Observed = Copied(rows.Observed, rows.Step, Channels),
            Noise = Copied(rows.Noise, rows.NoiseStep, Channels),
            Spread = Copied(rows.Spread, rows.SpreadStep, Channels),
            ToPrediction = rows.ToPrediction is null ? null : room,
            ToNoise = rows.ToNoise is null ? null : room + (Outputs * Lanes),
            Step = Lanes,
            NoiseStep = Lanes,
            SpreadStep = Lanes,
        };
        var values = Eight(padded, 0);
        var sum = 0.0;
        for (var lane = 0; lane < count; lane++)
        {
            sum += values[lane];
            for (var row = 0; row < Outputs && rows.ToPrediction is not null; row++)
            {
                rows.ToPrediction[(row * rows.Step) + from + lane] = padded.ToPrediction[(row * Lanes) + lane];
            }

            for (var row = 0; row < Channels && rows.ToNoise is not null; row++)
            {
                rows.ToNoise[(row * rows.Step) + from + lane] = padded.ToNoise[(row * Lanes) + lane];
            }
        }

        return sum;

        float* Copied(float* source, nint step, int many)
        {
            if (source is null)
            {
                return null;
            }

            var start = room;
            for (var row = 0; row < many; row++, room += Lanes)
            {
                new Span<float>(source + (row * step) + from, count).CopyTo(new Span<float>(room, Lanes));
            }

            return start;
        }
    }

    // Twice the loss of eight pixels, and the gradients: Σ = L D Lᵀ as in Covariance3.Factor, then back through it step by step.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector256<float> Eight(in Rows rows, int at)
    {
        var p = rows.Prediction + at;
        var step = rows.Step;
        var (a0, a1, a2) = (Vector256.Load(p + (3 * step)), Vector256.Load(p + (4 * step)), Vector256.Load(p + (5 * step)));
        var (a3, a4, a5) = (Vector256.Load(p + (6 * step)), Vector256.Load(p + (7 * step)), Vector256.Load(p + (8 * step)));
        var n = rows.Noise + at;
        var (n1, n2) = (Vector256.Load(n + rows.NoiseStep), Vector256.Load(n + (2 * rows.NoiseStep)));
        var (s01, s02, s12) = ((a1 * a3) + (a2 * a4), a2 * a5, a4 * a5);
        var d0 = (a0 * a0) + (a1 * a1) + (a2 * a2) + Vector256.Load(n);
        var i0 = Vector256<float>.One / d0;
        var (l10, l20) = (s01 * i0, s02 * i0);
        var u1 = (a3 * a3) + (a4 * a4) + n1 - (l10 * s01);
        var d1 = Vector256.MaxNative(u1, n1);
        var i1 = Vector256<float>.One / d1;
        var t = s12 - (l10 * s02);
        var l21 = t * i1;
        var u2 = (a5 * a5) + n2 - (l20 * s02) - (l21 * t);
        var d2 = Vector256.MaxNative(u2, n2);
        var i2 = Vector256<float>.One / d2;
        var y = rows.Observed + at;
        var z0 = Vector256.Load(y) - Vector256.Load(p);
        var z1 = Vector256.Load(y + step) - Vector256.Load(p + step) - (l10 * z0);
        var z2 = Vector256.Load(y + (2 * step)) - Vector256.Load(p + (2 * step)) - (l20 * z0) - (l21 * z1);
        var corner = (l10 * l21) - l20;
        var (v0, v1, v2) = (default(Vector256<float>), default(Vector256<float>), default(Vector256<float>));
        if (rows.Spread is not null)
        {
            var v = rows.Spread + at;
            (v0, v1, v2) = (Vector256.Load(v), Vector256.Load(v + rows.SpreadStep), Vector256.Load(v + (2 * rows.SpreadStep)));
        }

        var (w0, w1, w2) = ((z0 * z0) + v0, (z1 * z1) + (v0 * l10 * l10) + v1, (z2 * z2) + (v0 * corner * corner) + (v1 * l21 * l21) + v2);
        var loss = (w0 * i0) + (w1 * i1) + (w2 * i2) + Vector256.Log(d0) + Vector256.Log(d1) + Vector256.Log(d2);
        if (rows.ToPrediction is null)
        {
            return loss;
        }

        // A name with a g is the gradient of twice the loss.
        var (gd0, gd1, gd2) = (i0 - (w0 * i0 * i0), i1 - (w1 * i1 * i1), i2 - (w2 * i2 * i2));
        var gz2 = 2 * z2 * i2;
        var gz1 = (2 * z1 * i1) - (gz2 * l21);
        var gz0 = (2 * z0 * i0) - (gz2 * l20) - (gz1 * l10);
        var gCorner = 2 * v0 * corner * i2;
        var gl10 = (2 * v0 * l10 * i1) + (gCorner * l21) - (gz1 * z0);
        var gl20 = -gCorner - (gz2 * z0);
        var gl21 = (2 * v1 * l21 * i2) + (gCorner * l10) - (gz2 * z1);
        // A pivot that is held at its least value moves with that alone.
        var gu2 = Vector256.GreaterThan(u2, n2) & gd2;
        gl20 -= gu2 * s02;
        gl21 -= gu2 * t;
        var gt = (gl21 * i1) - (gu2 * l21);
        gd1 -= gl21 * l21 * i1;
        gl10 -= gt * s02;
        var gu1 = Vector256.GreaterThan(u1, n1) & gd1;
        gl10 -= gu1 * s01;
        gd0 -= ((gl10 * l10) + (gl20 * l20)) * i0;
        var gs01 = (gl10 * i0) - (gu1 * l10);
        var gs02 = (gl20 * i0) - (gu2 * l20) - (gt * l10);
        var to = rows.ToPrediction + at;
        var scale = Vector256.Create(rows.Scale);
        (-gz0 * scale).Store(to);
        (-gz1 * scale).Store(to + step);
        (-gz2 * scale).Store(to + (2 * step));
        (2 * a0 * gd0 * scale).Store(to + (3 * step));
        (((2 * a1 * gd0) + (a3 * gs01)) * scale).Store(to + (4 * step));
        (((2 * a2 * gd0) + (a4 * gs01) + (a5 * gs02)) * scale).Store(to + (5 * step));
        (((a1 * gs01) + (2 * a3 * gu1)) * scale).Store(to + (6 * step));
        (((a2 * gs01) + (2 * a4 * gu1) + (a5 * gt)) * scale).Store(to + (7 * step));
        (((a2 * gs02) + (a4 * gt) + (2 * a5 * gu2)) * scale).Store(to + (8 * step));
        if (rows.ToNoise is not null)
        {
            to = rows.ToNoise + at;
            (gd0 * scale).Store(to);
            (gd1 * scale).Store(to + step);
            (gd2 * scale).Store(to + (2 * step));
        }

        return loss;
    }

    // First pixels of the matrices and the numbers between their rows.
    private struct Rows
    {
        public float* Prediction, Observed, Noise, Spread, ToPrediction, ToNoise;
        public nint Step, NoiseStep, SpreadStep;
        public float Scale;
    }
}
