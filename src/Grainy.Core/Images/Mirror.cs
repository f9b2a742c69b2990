namespace Grainy.Core.Images;

/// <summary>Continues a row of samples by reflection at its outermost samples (… c b | a b c … y z | y x …).</summary>
internal static class Mirror
{
    /// <summary>The place in [0, <paramref name="length"/>) whose sample stands at <paramref name="index"/>, which may lie outside, however far.</summary>
    public static int Index(int index, int length)
    {
        if ((uint)index < (uint)length)
        {
            return index;
        }

        if (length == 1)
        {
            return 0;
        }

        var period = 2 * (length - 1);
        var place = ((index % period) + period) % period;
        return place < length ? place : period - place;
    }
}
