namespace Grainy.Core.Images;

/// <summary>The transfer curve of sRGB (IEC 61966-2-1).</summary>
public static class SrgbCurve
{
    /// <summary>Display value of a linear one: 12.92·x up to 0.0031308, then 1.055·x^(1/2.4) − 0.055. Goes on beyond 1, and odd below 0.</summary>
    public static float Encode(float linear)
    {
        var size = Math.Abs((double)linear);
        return (float)Math.CopySign(size <= 0.0031308 ? 12.92 * size : (1.055 * Math.Pow(size, 1 / 2.4)) - 0.055, linear);
    }

    /// <summary>Linear value of a display one, the inverse of <see cref="Encode"/>.</summary>
    public static float Decode(float display)
    {
        var size = Math.Abs((double)display);
        return (float)Math.CopySign(size <= 0.04045 ? size / 12.92 : Math.Pow((size + 0.055) / 1.055, 2.4), display);
    }
}
