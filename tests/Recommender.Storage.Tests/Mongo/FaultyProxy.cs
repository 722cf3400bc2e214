using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Tests.Mongo;

/// <summary>What happens to one command on its way.</summary>
internal enum NetworkFault
{
    None,

    /// <summary>The connection breaks before the server has the command.</summary>
    CutBefore,

    /// <summary>The server carries it out; the connection breaks in the middle of its answer.</summary>
    CutInReply,

    /// <summary>The answer comes after <see cref="FaultyProxy.Delay"/>.</summary>
    Slow,

    /// <summary>The server never sees it; the answer is <see cref="FaultyProxy.Answer"/>.</summary>
    Answered,

    /// <summary>The server carries it out; the answer is <see cref="FaultyProxy.Answer"/> all the same.</summary>
    AnsweredAfterwards,
}

/// <summary>A bad network in front of a MongoDB: passes its messages on, one connection a task, and does to each command what a test says.</summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    private const int HeaderLength = 16;
    private const int MessageOpcode = 2013;

    private readonly DnsEndPoint _server;
    private readonly ConcurrentDictionary<TcpClient, Task> _connections = [];
    private readonly int _port;
    private CancellationTokenSource _stop = new();
    private TcpListener _listener;
    private Task _accepting;

    /// <param name="uri">Of one server without TLS.</param>
    public FaultyProxy(string uri)
    {
        var server = new Uri(uri);
        _server = new DnsEndPoint(server.Host, server.IsDefaultPort ? 27017 : server.Port);
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        _port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(_stop.Token);
    }

    public string Uri => $"mongodb://127.0.0.1:{_port}/?directConnection=true";

    /// <summary>By the command's name; asked for each, from several tasks.</summary>
    public Func<string, NetworkFault> Decide { get; set; } = _ => NetworkFault.None;

    public TimeSpan Delay { get; set; }

    public Action<BsonWriter> Answer { get; set; } = answer => answer.Double("ok", 1);

    /// <summary>The first command of this name has this fault, the others none.</summary>
    public void Once(string command, NetworkFault fault)
    {
        int seen = 0;
        Decide = name => name == command && Interlocked.Increment(ref seen) == 1 ? fault : NetworkFault.None;
    }

    /// <summary>Breaks all connections and lets nobody in.</summary>
    public async Task RefuseAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        foreach (var connection in _connections.Keys) connection.Close();
        await Task.WhenAll([_accepting, .. _connections.Values]);
        _connections.Clear();
    }

    public void AcceptAgain()
    {
        _stop.Dispose();
        _stop = new CancellationTokenSource();
        _listener = new TcpListener(IPAddress.Loopback, _port);
        _listener.Start();
        _accepting = AcceptAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await RefuseAsync();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(cancellation);
                _connections[client] = PassOnAsync(client, cancellation);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException) { Assert.True(cancellation.IsCancellationRequested); }
    }

    private async Task PassOnAsync(TcpClient client, CancellationToken cancellation)
    {
        using (client)
        {
            try
            {
                using var server = new TcpClient { NoDelay = true };
                await server.ConnectAsync(_server.Host, _server.Port, cancellation);
                client.NoDelay = true;
                while (await ServeAsync(client.GetStream(), server.GetStream(), cancellation)) { }
            }
            // One of the two has gone: so has the connection.
            catch (Exception end) when (end is IOException or SocketException or OperationCanceledException or ObjectDisposedException) { }
        }
    }

    /// <summary>One command and its answer; false if the connection is to break.</summary>
    private async Task<bool> ServeAsync(NetworkStream client, NetworkStream server, CancellationToken cancellation)
    {
        byte[] command = await ReadAsync(client, cancellation);
        var fault = Decide(NameOf(command));
        if (fault == NetworkFault.CutBefore) return false;
        if (fault == NetworkFault.Answered)
        {
            await client.WriteAsync(Reply(command), cancellation);
            return true;
        }
        await server.WriteAsync(command, cancellation);
        bool more;
        do
        {
            byte[] reply = await ReadAsync(server, cancellation);
            // A server may go on answering a question about its state.
            more = Opcode(reply) == MessageOpcode && (reply[HeaderLength] & 2) != 0;
            if (fault == NetworkFault.Slow) await Task.Delay(Delay, cancellation);
            if (fault == NetworkFault.AnsweredAfterwards) reply = Reply(command);
            await client.WriteAsync(fault == NetworkFault.CutInReply ? reply.AsMemory(0, reply.Length / 2) : reply, cancellation);
        }
        while (more);
        return fault != NetworkFault.CutInReply;
    }

    private static async Task<byte[]> ReadAsync(NetworkStream from, CancellationToken cancellation)
    {
        byte[] header = new byte[HeaderLength];
        await from.ReadExactlyAsync(header, cancellation);
        byte[] message = new byte[BinaryPrimitives.ReadInt32LittleEndian(header)];
        header.CopyTo(message, 0);
        await from.ReadExactlyAsync(message.AsMemory(HeaderLength), cancellation);
        return message;
    }

    private static int Opcode(byte[] message) => BinaryPrimitives.ReadInt32LittleEndian(message.AsSpan(12));

    /// <summary>The name of the first field of the command: behind the header, the flags, the section's kind, the document's length and the field's type.</summary>
    private static string NameOf(byte[] message)
    {
        if (Opcode(message) != MessageOpcode) return "";
        var name = message.AsSpan(HeaderLength + 4 + 1 + 4 + 1);
        return Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]);
    }

    private byte[] Reply(byte[] command)
    {
        using var writer = new BsonWriter();
        Answer(writer);
        var document = writer.Close();
        byte[] message = new byte[HeaderLength + 5 + document.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        command.AsSpan(4, 4).CopyTo(message.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(12), MessageOpcode);
        document.Span.CopyTo(message.AsSpan(HeaderLength + 5));
        return message;
    }
}
