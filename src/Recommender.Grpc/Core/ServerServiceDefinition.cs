namespace Grpc.Core;

/// <summary>A service's methods bound to one object.</summary>
public class ServerServiceDefinition
{
    private readonly List<Action<ServiceBinderBase>> _methods;

    private ServerServiceDefinition(List<Action<ServiceBinderBase>> methods) => _methods = methods;

    public static Builder CreateBuilder() => new();

    internal void BindService(ServiceBinderBase binder)
    {
        foreach (var addTo in _methods)
            addTo(binder);
    }

    public class Builder
    {
        private readonly HashSet<string> _names = [];
        private readonly List<Action<ServiceBinderBase>> _methods = [];

        public Builder AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse> handler)
            where TRequest : class where TResponse : class => Add(method, binder => binder.AddMethod(method, handler));

        public Builder AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse> handler)
            where TRequest : class where TResponse : class => Add(method, binder => binder.AddMethod(method, handler));

        public Builder AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse> handler)
            where TRequest : class where TResponse : class => Add(method, binder => binder.AddMethod(method, handler));

        public Builder AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse> handler)
            where TRequest : class where TResponse : class => Add(method, binder => binder.AddMethod(method, handler));

        public ServerServiceDefinition Build() => new([.. _methods]);

        private Builder Add(IMethod method, Action<ServiceBinderBase> addTo)
        {
            if (!_names.Add(method.FullName))
                throw new ArgumentException($"{method.FullName} is bound already.", nameof(method));
            _methods.Add(addTo);
            return this;
        }
    }
}
