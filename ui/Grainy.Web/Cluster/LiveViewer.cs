using System.Threading.Channels;
using Grainy.Contracts.Live;

namespace Grainy.Web.Cluster;

/// <summary>One viewer of a topic: a slot that holds the latest snapshot until the viewer takes it.</summary>
internal sealed class LiveViewer(string caller)
{
    private readonly Channel<LiveSnapshot> _slot = Channel.CreateBounded<LiveSnapshot>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public string Caller => caller;

    /// <summary>True once the grain has answered a call made for this viewer's subject.</summary>
    public bool Admitted { get; set; }

    /// <summary>What was offered last.</summary>
    public LiveSnapshot? Latest { get; private set; }

    public ChannelReader<LiveSnapshot> Snapshots => _slot.Reader;

    public void Offer(LiveSnapshot snapshot)
    {
        Latest = snapshot;
        _slot.Writer.TryWrite(snapshot);
    }

    public void End(Exception problem) => _slot.Writer.TryComplete(problem);
}
