using System.Runtime.InteropServices;
using Grainy.Core.Images;
using NetVips;
using VipsImage = NetVips.Image;

namespace Grainy.Core.Denoising.Files;

/// <summary>Finished rows in a temporary file of bare samples, which is read from top to bottom again when the real file is written. Deletes it when done.</summary>
internal sealed class RawRows : IDisposable
{
    private readonly string _path;
    private readonly FileStream _stream;
    private readonly Enums.BandFormat _samples;
    private int _width;
    private int _channels;
    private int _rows;

    /// <param name="beside">The file that will be written; the temporary one lies in its folder.</param>
    /// <param name="samples">Type of the samples; integers round and are clipped to [0, 1], floats are kept as they are.</param>
    public RawRows(string beside, Enums.BandFormat samples)
    {
        (_path, _samples) = ($"{beside}.{Guid.NewGuid():N}.raw", samples);
        _stream = new FileStream(_path, FileMode.CreateNew, FileAccess.Write);
    }

    public void Write(ImageBuffer rows)
    {
        (_width, _channels, _rows) = (rows.Width, rows.Channels, _rows + rows.Height);
        switch (_samples)
        {
            case Enums.BandFormat.Uchar:
                Put(rows, static sample => (byte)Math.Round(Math.Clamp(sample, 0f, 1f) * 255f, MidpointRounding.AwayFromZero));
                break;
            case Enums.BandFormat.Ushort:
                Put(rows, static sample => (ushort)Math.Round(Math.Clamp(sample, 0f, 1f) * 65_535f, MidpointRounding.AwayFromZero));
                break;
            case Enums.BandFormat.Uint:
                Put(rows, static sample => (uint)Math.Round(Math.Clamp((double)sample, 0, 1) * uint.MaxValue, MidpointRounding.AwayFromZero));
                break;
            default:
                Put(rows, static sample => sample);
                break;
        }
    }

    /// <summary>Everything written so far. The caller disposes it.</summary>
    public VipsImage Open()
    {
        _stream.Flush();
        var grey = _channels == 1;
        return VipsImage.Rawload(
            _path,
            _width,
            _rows,
            _channels,
            format: _samples,
            interpretation: _samples switch
            {
                Enums.BandFormat.Ushort => grey ? Enums.Interpretation.Grey16 : Enums.Interpretation.Rgb16,
                Enums.BandFormat.Float => grey ? Enums.Interpretation.Bw : Enums.Interpretation.Scrgb,
                _ => grey ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb,
            },
            access: Enums.Access.Sequential);
    }

    public void Dispose()
    {
        _stream.Dispose();
        File.Delete(_path);
    }

    private void Put<T>(ImageBuffer rows, Func<float, T> convert)
        where T : unmanaged
    {
        var samples = new T[rows.Planes.Length];
        for (var channel = 0; channel < rows.Channels; channel++)
        {
            var plane = rows.Plane(channel);
            for (int i = 0, to = channel; i < plane.Length; i++, to += rows.Channels)
            {
                samples[to] = convert(plane[i]);
            }
        }

        _stream.Write(MemoryMarshal.AsBytes(samples.AsSpan()));
    }
}
