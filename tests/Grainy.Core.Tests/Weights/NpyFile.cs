using System.Text;
using static Grainy.Core.Tests.Weights.PickleBytes;

namespace Grainy.Core.Tests.Weights;

/// <summary>Writes .npy files with one dictionary of arrays, as E-LPIPS does.</summary>
internal static class NpyFile
{
    private static byte[] Header
    {
        get
        {
            var text = "{'descr': '|O', 'fortran_order': False, 'shape': (), }".PadRight(69) + "\n";
            return [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. Encoding.ASCII.GetBytes(text)];
        }
    }

    public static byte[] WithPickle(byte[] pickle) => [.. Header, .. pickle];

    public static byte[] Of(params (string Name, byte[] Array)[] arrays)
    {
        byte[] dictionary = [(byte)'}', (byte)'(', .. arrays.SelectMany(array => (byte[])[.. Text(array.Name), .. array.Array]), (byte)'u'];
        byte[] type = [.. Global("numpy", "dtype"), .. Tuple(Text("O8"), Integer(0), Integer(1)), (byte)'R',
            .. Tuple(Integer(3), Text("|"), [(byte)'N'], [(byte)'N'], [(byte)'N'], Integer(-1), Integer(-1), Integer(63)), (byte)'b'];
        return WithPickle(
        [
            .. Protocol, .. Global("numpy.core.multiarray", "_reconstruct"), .. Tuple(Global("numpy", "ndarray"), Numbers([0]), Text("b")), (byte)'R',
            .. Tuple(Integer(1), (byte[])[(byte)')'], type, [0x89], (byte[])[(byte)']', .. dictionary, (byte)'a']), (byte)'b', (byte)'.',
        ]);
    }
}
